"""What clerks and registries write down: ids, cards, places, numbers, days.

Pure functions on text and numpy arrays; nothing here knows a table or a file.
"""
