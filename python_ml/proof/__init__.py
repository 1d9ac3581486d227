"""Proves what the project promises: builds lakes, and compares them row by row."""
