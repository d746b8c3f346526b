"""The commands that research adds to `pantomatrix`: evaluate, dataset, train."""
