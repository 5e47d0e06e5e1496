### Gates.

gate-barrier = Barrier
gate-wicket = Wicket

direction-entry = Entry
direction-exit = Exit

buttons-residents = Residents open it by phone
buttons-staff = Only guards and administrators open it by phone

position-open = Open
position-closed = Closed
position-moving = Moving
position-unknown = Position unknown
gate-held = Held open
gate-fire = Open for the fire alarm
