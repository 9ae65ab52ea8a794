"""Help for test suites: Hypothesis strategies, and the reproducer that the pytest plugin prints."""
