"""One skeleton's motion on another: which joint is which, rest poses, feet that stand."""
