"""The page that people look at: built from the lake's tables, one file, no server."""
