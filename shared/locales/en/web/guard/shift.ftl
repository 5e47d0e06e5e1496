# The shift.
shift-on-duty = { $guard } is on duty
shift-since = since { $moment }
shift-others = Also on duty: { $guards }
shift-hand-over = Hand over
shift-leave = Leave without handing over
shift-version = version { $version }
shift-notes = What the last ones said
shift-no-notes = No shift was handed over yet
shift-no-note = No note
shift-to = { $guard } takes over
shift-to-whom = Who takes over?
shift-nobody-else = There are no other guards
shift-note = What they are to know
shift-next = Go on
shift-next-without = Go on without a note
shift-take = Take over
