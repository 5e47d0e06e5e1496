# The bot: passes.

bot-command-pass = A new pass
bot-command-passes = My passes
bot-pass-kind-g = 👤 { pass-guest }
bot-pass-kind-t = 🚕 { pass-taxi }
bot-pass-kind-c = 📦 { pass-courier }
bot-pass-kind-r = 🔁 { pass-recurring }
bot-pass-kind-e = 🎉 { pass-event }
bot-pass-house = House { $house }
bot-pass-house-of = { $community }, house { $house }

# Lines of a card; $word is ready words.
bot-pass-line-plate = 🚗 { $word }
bot-pass-line-name = 🙂 { $word }
bot-pass-line-people = 👥 Entries: { $word }
bot-pass-line-house = 🏠 { $word }
bot-pass-line-window = 🕑 { $word }
bot-pass-line-code = 🔢 Code: { $word }
bot-pass-line-note = 📝 { $word }
bot-pass-line-standing = • { $word }
bot-pass-at = by { $hour }
bot-pass-weekly-until = { $hours }, until { $until }

# Questions.
bot-pass-ask-house = Which house expects the visitor?
bot-pass-ask-kind = Whom do you expect?
bot-pass-ask-kind-of = Who comes by { $plate }?
bot-pass-ask-which = Please check the number plate. Which one is right?
bot-pass-ask-plate = What is the number plate? For example: A123BC77
bot-pass-ask-who = Whom do you expect? Write a name, a number plate, or both: Peter A123BC77
bot-pass-ask-whose = Whose courier is it? Write where they come from, or the number plate: Ozon
bot-pass-ask-name = What is the visitor called?
bot-pass-ask-note = What should the guard know? Write it in one line.
bot-pass-ask-day = Which day? Choose or write: on Saturday, 12 March, tomorrow from 10 to 15
bot-pass-ask-days = On which days? Mark them and press “{ bot-pass-key-done }”.
bot-pass-ask-hours = At which hours? Choose or write: from 9 to 18
bot-pass-ask-last = Until which day? Choose or write a date: 31 May
bot-pass-ask-people = How many entries will there be? Write a number.
bot-pass-ask-gatehouse = At which entrance is the visitor expected?
bot-pass-ask-change = What would you like to change?
bot-pass-is-it-so = Is this right?
bot-pass-for-later = Taxis and couriers are let in right now; for another time it is a guest's pass.

# What is wrong with an answer.
bot-pass-nowhere = You cannot issue passes: this takes a place in a house of the settlement.
bot-pass-impossible = “{ $said }” is not a date or time that exists. Please write it another way.
bot-pass-not-a-plate = The number plate does not read: { $why }.
bot-pass-time-is-over = This time is over already.
bot-pass-press-one = I did not understand. Please press one of the buttons.
bot-pass-press-or-change = I did not understand what to change. Press a button or write: tomorrow from 10 to 15
bot-pass-no-day = I did not understand which day this is. For example: tomorrow, on Saturday, 12.03
bot-pass-no-days = Please mark at least one day.
bot-pass-no-hours = I did not understand which hours these are. For example: from 9 to 18
bot-pass-no-last = I did not understand which date this is. For example: 31.05
bot-pass-no-number = A number is needed, such as 25
bot-pass-in-words = Please answer in words, or press a button.
bot-pass-late = ⌛️ Your press came too late, so I issued nothing. Please look once more: the time may be another now.
bot-pass-is-decided = You have answered this already.
bot-pass-no-code = This pass has no code: the visitor is known by the number plate.

# Buttons.
bot-pass-key-today = Today
bot-pass-key-tomorrow = Tomorrow
bot-pass-key-after = In two days
bot-pass-key-no-plate = No plate yet
bot-pass-key-not-known = I do not know
bot-pass-key-other-plate = Another plate
bot-pass-key-working-days = Weekdays
bot-pass-key-all-days = Every day
bot-pass-key-working-hours = 9:00–18:00
bot-pass-key-all-day = All day
bot-pass-key-done = Done
bot-pass-key-month = A month
bot-pass-key-quarter = 3 months
bot-pass-key-year = A year
bot-pass-key-issue = ✅ Issue
bot-pass-key-change = ✏️ Change
bot-pass-key-back = ◀️ Back
bot-pass-key-kind = Kind
bot-pass-key-plate = Plate
bot-pass-key-name = Name
bot-pass-key-when = When
bot-pass-key-note = For the guard
bot-pass-key-house = House
bot-pass-key-begin = ➕ New pass
bot-pass-key-share = 📤 Share
bot-pass-key-send = 📤 Send to the visitor
bot-pass-key-qr = 🔳 QR code
bot-pass-key-open = Open the pass
bot-pass-key-cancel = 🗑 Cancel the pass
bot-pass-key-yes-cancel = 🗑 Yes, cancel it
bot-pass-key-keep = Keep it
bot-pass-key-new-link = 🔗 New link
bot-pass-key-withdraw = 🚫 Take the link back
bot-pass-key-to-card = ◀️ To the pass
bot-pass-key-to-list = 📋 All passes

# What came of it.
bot-pass-issued = ✅ The pass is issued
bot-pass-dropped = All right, no pass was issued.
bot-pass-cancel-it = Cancel this pass? Nobody will be let in by it any more.
bot-pass-cancelled = 🗑 The pass is cancelled
bot-pass-none = You expect nobody. Write who is coming, such as “taxi A123BC77”, or press the button.
bot-pass-list = You have { $passes }.
bot-pass-list-page = You have { $passes }. Page { $page } of { $pages }.
bot-pass-came = ✅ { $at } — { $gate }
bot-pass-link =
    The link for your visitor:
    { $link }

    It tells when they are expected and which code to show. I will not show it again: please send it now.
bot-pass-has-a-link = There is a link to this pass already. If you make a new one, the one before stops working.
bot-pass-link-withdrawn = 🚫 The link does not work any more
bot-pass-qr =
    Code { $code }: show it to the camera at the entrance, or say it to the guard.
    { $window }
# $kind is the kind of the pass, $window when it holds.
bot-pass-for-you =
    🎫 You are expected: { $community }
    { $kind }. { $window }
    { $link }
