"""Help for test suites: a pytest plugin, active on install, and Hypothesis strategies."""
