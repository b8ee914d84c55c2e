"""What was fetched, kept; rates looked up by day, from there and from the ECB's history in the package."""
