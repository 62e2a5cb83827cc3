"""Everything that notifies: the outbox, the channels, the sentences and the dead man's switch."""
