passes = Passes
passes-now = In force now
passes-later = Later
passes-past = Past
# $house — the house.
passes-past-of = Past, house { $house }
passes-none-now = Nobody is expected now. Issue a pass, and your guest is let in without a call.
passes-none-past = There are no past passes.
passes-show-past = Show past ones
pass = Pass
pass-new = New pass
pass-kind = Kind of pass
pass-kind-guest = Guest
pass-kind-courier = Courier
pass-kind-taxi = Taxi
pass-kind-recurring = Recurring
pass-kind-event = Event
pass-not-allowed = You may not issue passes yet. The owner of the house or an administrator can allow it.
# $moment — today, 14:05.
pass-until = Until: { $moment }
pass-from = From: { $moment }
# $used — how many entries there were, $entries — of how many.
pass-used = Entries: { $used } of { $entries }

pass-taxi-now = Taxi now
pass-taxi-about = A taxi is let in once within an hour.
pass-plate-if-known = Plate, if you know it
pass-taxi-name = Taxi
pass-taxi-confirm = Expect a taxi
# $moment — until when.
pass-taxi-issued = The taxi is let in until: { $moment }.
pass-open = Open the pass

pass-plate = Plate
pass-plate-either-alphabet = In Russian or Latin letters
pass-name = Name
pass-plate-or-name = A plate or a name is enough
pass-occasion = What the event is
pass-remembered = Came before
pass-day = When
pass-other-day = Another day
pass-which-day = Day
pass-for-how-long = For how long
# $minutes — for how many minutes.
pass-minutes =
    { $minutes ->
        [30] 30 minutes
        [60] 1 hour
        [120] 2 hours
        [240] 4 hours
       *[other] { $minutes } min
    }
pass-weekdays = On which days
pass-hours-from = From
pass-hours-until = Until
pass-last-day = Last day
pass-entries = How many entries
pass-with-code = Give a code
pass-with-code-about = The guest shows or says it at the gate
pass-decider = At which gatehouse they are let in
pass-note = Note for the guard
pass-issue = Issue the pass

# $note — the note.
pass-note-says = For the guard: { $note }
# $by — who issued it, $moment — when.
pass-issued = issued: { $by }, { $moment }
pass-code = Code
pass-code-about = Tell it to your guest: at the gate the code is enough.
# $code — digits.
pass-code-qr = QR code with the code { $code }
pass-share = Link for the guest
pass-share-about = The guest sees without an account when they are expected and what to show at the gate.
pass-share-again = The guest has a link already. A new one replaces it: the one before opens no more.
pass-shows-house = Show the number of the house
pass-link-make = Make a link
pass-link-title = Pass
pass-link-send = Send
pass-link-copy = Copy
pass-link-copied = Copied
pass-link-copy-yourself = It could not be copied. Select the link and copy it yourself.
pass-link-qr-about = Save it now: this link cannot be shown later, only a new one made. A guest beside you can point a camera at it:
pass-link-qr = QR code with the link to the pass
pass-link-withdraw = Take the link back
pass-link-withdraw-title = Take the link back?
pass-link-withdraw-about = It stops opening for the guest at once. The pass itself stays.
pass-history = What became of it
pass-history-none-yet = Nobody has come yet.
pass-history-none = Nobody came by this pass.
pass-cancel = Cancel the pass
pass-cancel-title = Cancel the pass?
# $who — who is let in no more.
pass-cancel-about = This pass lets them in no more: { $who }. It cannot be given back, only a new one issued.
pass-cancel-link = The guest's link stops opening.
pass-all = All passes
