"""Every rule broken on purpose, to see its tests fail: once so that it never refuses, once so that it always does."""
