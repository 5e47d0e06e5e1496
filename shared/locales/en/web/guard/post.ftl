# The guard's screen: what is always in sight.
post-places = Places
post-place-arrivals = Gates
post-place-visitor = Visitor
post-place-telephone = By phone
post-place-expected = Expected
post-place-journal = Journal
post-place-houses = Houses
post-place-shift = Shift
# $count: how many wait for a decision.
post-waiting =
    { $count ->
        [one] { $count } waits
       *[other] { $count } wait
    }
post-silent = The post does not answer
post-silent-do = Nothing can be opened from this screen now. Use the remote or the button at the gate. What stands below may be old.
post-silent-again = Trying again. The screen comes back by itself.
insist = Let in all the same
found = What was found

# The line of how all stands.
status = How all stands
status-camera = Camera
status-sees = Sees
status-blind = Reads nothing
status-no-picture = No picture
status-lost = No connection
status-fire = Fire
status-held = Held
status-internet = Internet
status-link-none = No cloud
status-link-refused = Not taken
status-link-away = None
status-link-behind = Sending
status-link-there = There
status-clock = Clock
status-doubtful = in doubt
status-journal = Journal
status-written = Written
status-stuck = Not written!
status-unknown = The post does not answer: how the gates stand is unknown
status-day = Light screen
status-night = Dark screen
status-sound-off = Turn the sound off
status-sound-on = Turn the sound on

alarm-seen = I see
alarm-clock-right = The time is right

fallen = The screen has tripped
fallen-do = The gates go on working. The screen loads anew in a few seconds.
fallen-again = Load it now
