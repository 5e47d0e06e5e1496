gate-title = Gates and hubs
gate-list = Gates
gate-none = No gates yet: they appear when their hub connects.
gate-here = connected
gate-away = not connected
gate-seen = { $text }: { $at }
gate-not-seen = Nothing was seen yet

alarm-list =
    { $n ->
        [one] { $n } alarm
       *[other] { $n } alarms
    }
alarm-lasts = goes on; it ends by itself when the cause is put right
alarm-happened = it happened; it ends when you say that you have seen it
alarm-words = Particulars for whoever looks into it
alarm-seen = I have seen it

hub-list = Hubs
hub-none = No hub yet. Connect the first one: a code is to be had below.
hub-connected = connected
hub-away = not connected
hub-link = Link to the cloud
hub-since = there; it connected { $at }
hub-seen = none; it was last there { $at }. The gates go on by themselves
hub-never = never connected yet
hub-data = Data
hub-in-step = it has all that the cloud has
hub-behind = it is still receiving what is new
hub-clock = Clock
hub-clock-right = right
hub-clock-unknown = the hub has not said yet
hub-clock-untrusted = seems right, but nothing vouches for it
hub-clock-ahead = { $s } s ahead
hub-clock-behind = { $s } s behind
hub-software = Program
hub-journal = Journal
hub-entries =
    { $n ->
        [one] { $n } entry
       *[other] { $n } entries
    }, the last { $at }
hub-enrolled = First connected
hub-fingerprint = Fingerprint of its key
hub-gone =
    { $n ->
        [one] { $n } revoked hub
       *[other] { $n } revoked hubs
    }
hub-revoked = revoked { $at }
hub-revoke = Revoke
hub-revoke-title = Revoke the hub “{ $label }” for ever?
hub-revoke-final = This device never connects to the cloud again. It cannot be undone.
hub-revoke-gates = New passes and bans do not reach its gates any more, and nobody opens them from a telephone. The guard still does.
hub-revoke-replace = If the hub is broken, do not revoke it: get a code for a replacement, which goes on where it stopped.
hub-revoke-confirm = Revoke for ever

hub-enrol = Connect a hub
enrol-which = What is connected
enrol-new = A new hub
enrol-replaces = A replacement for a broken one
enrol-replaces-means = It takes its place and counts on; the old one is revoked when the new one connects.
enrol-old = Which hub is replaced
enrol-label = Name of the hub
enrol-label-means = For example, “Entrance”
enrol-code = Get a code
enrol-shown = The code for the hub “{ $label }”. It is good until { $at }, is shown once, and ends the one before.
enrol-type = On the new Raspberry Pi type:
enrol-copy = Copy
enrol-copied = Copied
enrol-waits = When the hub connects, you will see it here.
enrol-over = The time of the code is over, and no hub has connected.
enrol-again = Begin again
enrol-come = The hub “{ $label }” has connected.
enrol-compare = Compare its fingerprint with the one that the hub has shown:
enrol-same = They are the same
