"""Lists that came back: read, judged against the source as it stands, tried, written."""
