"""One stored body of every version of every fact ever shipped. They are made once and must load for ever.

`python -m tests.golden` writes the samples of facts that have none yet. It never touches one that is there.
"""
