### The guard's screen.

action-open = Open
action-close = Close
action-refuse = Do not let in
action-hold = Hold open
action-release = Stop holding
action-ask = Ask the house
action-visitor = Write down a visitor

# What must be seen now. $gate: the gate's name.
alert-tailgated = { $gate }: somebody drove through behind another car
alert-jammed = { $gate }: it does not move, check the mechanism
alert-failed = { $gate }: the drive did not answer, look at it
alert-interrupted = { $gate }: the hub stopped in the middle of an opening; look whether it is open
alert-driver-lost = { $gate }: no connection, check power and cable
alert-not-recorded = { $gate }: an opening is not in the journal, check the disk

sign-in = Enter your PIN
# $left: how many tries are left.
sign-in-refused =
    { $left ->
        [0] Wrong PIN
        [one] Wrong PIN, { $left } try left
       *[other] Wrong PIN, { $left } tries left
    }
sign-in-locked = Too many tries
    .until = Too many tries, wait until { $until }
sign-in-needed = Please sign in first
signed-in = Hello, { $guard }!
signed-out = You have signed out. Have a good rest!

shift-taken = { $guard } is on duty
shift-handed-over = { $from } hands over to { $to }
shift-nobody = Nobody is on duty
shift-note = To pass on
# $count: how many wait for a decision.
shift-waiting =
    { $count ->
        [0] Nobody is waiting
        [one] { $count } is waiting for a decision
       *[other] { $count } are waiting for a decision
    }
# $count: how many cars came in and were not seen to leave.

# State.
clock-not-trusted = The clock may be wrong: check the time on the screen
store-failed = The journal is not being written, check the disk
# Plates are not read. $camera: the camera's name.
camera-lost = { $camera }: no picture, cars wait for you
camera-blind = { $camera }: plates are not read, cars wait for you

# The link to the cloud.
link-none = No cloud: the gatehouse works by itself
link-away = The cloud cannot be reached: the gatehouse works, news will wait
link-refused = The cloud refuses this gatehouse: call the administrator
link-behind = The cloud is connected, sending what has gathered
link-there = The cloud is connected and has everything
