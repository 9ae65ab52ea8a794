"""From a program to Python source: `readable` for people, `running` for speed."""
