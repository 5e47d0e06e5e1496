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

# What became of a press of the button.
opening-sent = The gatehouse has been told
opening-decided = Opening
opening-opened = Opened
opening-not-seen = Told to open; nobody saw whether it did
opening-failed = It could not be opened
opening-refused = The gatehouse did not open
opening-too-late = It came to the gatehouse too late and was not done, press again
opening-unknown = The gatehouse went away: whether it opened is not known
