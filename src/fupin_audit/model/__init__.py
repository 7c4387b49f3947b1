"""The shapes that travel between stages. Import from the submodule, so that a
caller who needs one shape does not load pandas for all of them."""
