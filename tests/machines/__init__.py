"""State machines: each family driven at random against the real store, by several people at once.

How to write one: `tests/machines/<family>.py` defines `MACHINE = Machine(...)`; `cadastre.py` is the model.

- **moves** are functions from a `Scene` to an `Attempt`: each is one way to use one command. A move takes a record with
  its state, `scene.some(Order)`, and makes a command that mostly fits and sometimes breaks a rule; where there is no
  such record it is left out for now. All chance comes from the scene. Say nothing about when a command is allowed: at
  each step the driver asks all moves about one record, asks `decide` what it would say, makes one that is refused by
  each rule that refused seldom so far, and then takes the allowed one whose transitions were seen least, or the one
  whose rule refused least. So do not weigh moves. See to it that every command
  and field occurs, and that every rule is broken by some move; for a rare one add a move that seeks the very state out,
  `scene.some(Order, lambda order: …)`. A taken number comes from `scene.taken(kind of claim)`, or from what was
  recorded, `scene.earlier(OpenFile)`. Attempts without `actor` are made by any of four people.
- **days**: the world begins `years` before today, and its day moves on. An attempt takes effect on that day unless it
  says `on=`, so what falls due after ten years can be reached. Nothing takes effect after the real today.
- **prelude**, where a life is long: moves that each world begins with, so that chance starts in the middle of it.
- **stages** says where each thing that a state holds stands: `Stage("order", record_id, state.stage)`, the thing named
  as in the diagrams of `docs/families/<family>.md`, the key to tell one from another. Where a state forgets what has
  come to its end, `endings={"HoldExpired": "EXPIRED"}` names the last stage by the fact.
- **check** is given the world and a record that has just changed, and asserts what the rules promise of it. It does not
  ask the rules again: it counts from the stored events, `world.events(record)`, who did what, when, and to what effect.
- **kept_back** names rules that `decide` raises and the store never lets it come to, with the reason: creating a record
  twice (`VersionConflict`), a command to a record of another kind (`NotFound`). They are asked of `decide` alone.

What is held against the store: each answer is the one that `decide` gives on the model, which is the fold of all that
was read back; commands handled at once have the effect of some order; a request sent twice has one outcome; the
counters' own states are the model's; no fact changes a stage in a way that no diagram draws; `verify` finds nothing.
A thorough run also wants every drawn transition reached and every rule refused fifty times.

    pytest tests/machines -k cadastre                                a short run
    pytest tests/machines -k cadastre --thorough --rounds=200        until all is reached, 200 times 300 steps at most
"""
