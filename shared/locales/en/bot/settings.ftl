# The bot: settings.

bot-command-settings = Settings
bot-command-language = Language
bot-command-chat = The settlement's closed chat
bot-settings = ⚙️ Settings. Settlement: { $community }
bot-settings-back = ‹ Back
bot-settings-key-language = 🌐 English
bot-settings-key-quiet = 🌙 { $hours }
bot-settings-key-kinds = 🔔 What I am told
bot-settings-key-channels = 📨 Where I am told
bot-settings-key-community = 🏘 Another settlement
bot-settings-key-consents = 📄 My data
bot-settings-key-web = 🌍 Open the site
bot-settings-key-out = 🚪 Sign out of the bot
bot-settings-key-leave = 👋 Leave the settlement
bot-settings-language = In which language shall we speak?
bot-settings-language-set = All right, we speak English.
bot-settings-communities = Which settlement is it about?
bot-settings-community-set = We are talking about “{ $community }” now.

# Quiet hours.
bot-quiet-none = No quiet hours
bot-quiet = 🌙 Quiet hours: { $hours }. What is not urgent comes after them. Questions of the guard always come.
bot-quiet-never = 🔔 There are no quiet hours: I tell you everything at once.
bot-quiet-off = 🔔 Turn off
bot-quiet-on = 🌙 Turn on
bot-quiet-from = from { $time }
bot-quiet-until = till { $time }
bot-quiet-key-write = ✍️ Other hours
bot-quiet-write = Write from when till when you are not to be disturbed, such as: 22:00–8:00
bot-quiet-not-hours = I did not understand the hours. Write two times, such as: 22:00–8:00. /cancel leaves them as they were.

bot-kinds = What shall I tell you? Press to turn it on or off.
bot-channels = Where shall I tell you? The first is tried first, then the next. Press to turn it on or off.
bot-channels-none = ⚠️ All is off: of guests and questions of the guard you hear only if you look at the site yourself. Press to turn something on.
bot-channels-first = ⬆️ This first

# The consent to the processing of data.
bot-consents = 📄 Your consent to the processing of your data:
bot-consents-none = 📄 You have given no consent to the processing of your data here.
# $number: which version; $at: when it was given; $until: when it was taken back.
bot-consents-line = • version { $number }, given { $at }
    .withdrawn = • version { $number }, given { $at }, taken back { $until }
bot-consents-read = 📄 Read and agree
bot-consents-too-long = The text is too long to stand here as a whole. Read it on the site, and agree there.
bot-consents-on-site = 🌍 Read it on the site
bot-consents-agree = ✅ I agree
bot-consents-withdraw = Take the consent back
bot-consents-withdraw-sure = Yes, take it back
bot-consents-known = 📥 What is known of me
bot-consents-erase = 🗑 Erase my data

# Signing out of the bot.
bot-out =
    🚪 Sign out of the bot? I shall not know you any more: I can neither open nor issue a pass for you, and tell you nothing of guests and questions of the guard.

    Your place in the settlement, your passes and your way into the site stay.
bot-out-last-way = ⚠️ You have no other way in. Add an e-mail address or a passkey on the site first, or else you come back only by an invitation.
bot-out-yes = 🚪 Sign out
bot-out-done = 🚪 You are signed out.
bot-out-how-back = Should you want to come back, press /start. Goodbye!

# Leaving the settlement.
bot-leave = 👋 Which house do you leave? You come back only by a new invitation.
bot-leave-whom =
    👋 An owner or an administrator gave you your place in the house, and one of them ends it: tell them that you move out.

    What you can do yourself is to erase all your data on the site: then your place ends at once.
bot-leave-house = Leave house { $house }
# How much of what ends with the place.
bot-leave-sure =
    Leave house { $house }? It is for ever, and what rests on your place ends with it.

    Places of other people: { $places }
    Cars: { $vehicles }
    Cards and remotes: { $cards }
    Passes: { $passes }
bot-leave-yes = 👋 Yes, leave
bot-leave-done = 👋 You are not of this house any more.
bot-leave-menu = This is what you can do now. /start shows it from the beginning.
