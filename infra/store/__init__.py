"""The event store: eventsourcing's application recorder on ledger.append, with group commit and sealed parts."""
