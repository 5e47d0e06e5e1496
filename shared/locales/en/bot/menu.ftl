# The bot: the menu, and what is said where nothing else is meant.

bot-welcome-stranger =
    Hello! This is the settlement's bot: passes, the barrier, joining.

    To come in you need the code from your house's letter, or a photo by which an administrator knows you.
bot-key-join = Join
bot-welcome =
    Hello, { $name }! Settlement: { $community }.

    Write whom you expect in one line, such as “taxi A123BC77”, or choose below.
# Who may not issue passes: guards, staff, administrators without a house.
bot-welcome-here =
    Hello, { $name }! Settlement: { $community }.

    Choose below what you need.
bot-cancelled = All right, cancelled.
bot-help =
    What I can do in “{ $community }”:

    • “taxi A123BC77” or “guest Peter” — a pass in one line
    • { bot-word-gates } — open the barrier or the wicket
    • { bot-word-passes } — whom you expect, link and QR code, cancelling
    • { bot-word-settings } — language, quiet hours, leaving
    • my name and “taxi A123BC77” in another chat — a pass right in that chat
    • /questions — who is at the gate now and waits for an answer
    • /chat — the closed chat of the settlement

    /menu brings the buttons back, /cancel drops what was begun.
bot-help-here =
    What I can do in “{ $community }”:

    • { bot-word-gates } — open the barrier or the wicket, if you may
    • { bot-word-settings } — language, quiet hours, leaving
    • /chat — the closed chat of the settlement

    /menu brings the buttons back, /cancel drops what was begun.
bot-word-pass = 🚗 Pass
bot-word-gates = 🔓 Open
bot-word-passes = 📋 My passes
bot-word-applications = 📨 Applications
bot-word-settings = ⚙️ Settings
bot-word-cancel = ✖️ Cancel
bot-not-understood = I did not understand. Write whom you expect (“taxi A123BC77”), or choose below.
bot-not-understood-here = I did not understand. Choose below what you need.
bot-cannot-hear = I do not understand voice messages, stickers and videos: please write in words.
bot-picture-of-what = Thank you, but I do not know what to do with this picture. Choose below what you need.
bot-edited = I see that you corrected your message. Please send it again as a new one.
bot-unknown-command = There is no such command. /help shows what I can do.
bot-old-button = This button is out of date. /menu shows new ones.
bot-nobody = You are not in the settlement yet. Press /start to join.
bot-nobody-there = You are not in that settlement any more.
bot-broken = Something broke on our side, not on yours. Please try again in a minute.
bot-file-too-large = This file is too large. Please send a smaller picture.

# What the bot says of itself in the messenger.
bot-about = Passes, gates and applications of your settlement.
bot-description = The bot of a settlement: it issues passes to guests, taxis and couriers, opens the barrier and shows who has come. To join you need the code from the letter to your house, or a photo.
bot-app = Settlement
bot-command-menu = The menu
bot-command-help = What I can do
bot-command-cancel = Drop what was begun
