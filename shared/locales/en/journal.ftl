### The journal: what an entry tells.

journal-decided = Somebody came, and it was decided
journal-closing = Closing
journal-commanded = Done as told
journal-failed = Could not be done
journal-interrupted = Interrupted half-way: whether it opened is not known
journal-abandoned = Not opened: the record came too late
journal-seen-open = Opened
journal-seen-closed = Closed
journal-jammed = Did not move
journal-obstructed = Stopped: somebody was under the barrier
journal-passed = Passage
journal-tailgated = Passage behind another car
journal-nobody-passed = Opened, but nobody passed
journal-hold-began = Holding it open
journal-hold-ended = No longer held
journal-fire-began = Fire alarm
journal-fire-ended = Fire alarm over
journal-driver-lost = No connection to the gate
journal-driver-back = Connection to the gate is back
journal-refused-by-guard = The guard did not let them in
journal-visitor = Visitor written down by the guard
journal-asked = The house was asked
journal-answered = The house answered
journal-shift-began = Shift taken over
journal-shift-ended = Shift handed over
journal-started = The program started
journal-passage-not-seen = Passages are not seen here; taken as passed

journal-time-not-trusted = The time of this entry may be inexact
# $count: how many entries.
