"""What all networks share when they run: engines, windows, hops, and frames laid in time."""
