"""The law as data: what a YAML file of a pack may say, and how it is read."""
