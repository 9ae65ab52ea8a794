"""Passes: each takes a program and returns one that computes the same with less work."""
