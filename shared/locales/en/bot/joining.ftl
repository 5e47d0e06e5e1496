# The bot: joining a settlement, and coming in by a link.

bot-command-applications = Applications to join
bot-join-which = What is your settlement called? Write its name, or a part of it.
bot-join-which-of = Which of them is yours?
bot-join-no-community = I do not know such a settlement. Check its name, or open the link in your house's letter.
# $community is the community's name.
bot-join-begins = 🏡 { $community }. A few questions, and your application goes to an administrator.
bot-join-is-here = You are in { $community } already. Apply only if you have another house there.
bot-join-closed = Nobody can join { $community } yet: its administrator has not opened it. Try later, or call them.
bot-join-cancelled = All right, nothing is sent.
bot-join-not-that = I did not understand that.
bot-join-press = Press one of the buttons, please.

bot-join-proof = What shows that you live here?
bot-join-by-code = 🔑 The code in the letter
bot-join-by-photo = 📷 A photo
bot-join-code = Write the code of your house: it is in the settlement's letter, under the QR code.
bot-join-no-code = 📷 No code, I send a photo
bot-join-photo =
    📷 Send a view from your window, or a selfie in front of your house.

    Only the settlement's administrators see the photo. Once they decide, we delete our copy, but it may stay in their chats with the bot.
bot-join-have-code = 🔑 I have a code
bot-join-no-photo = That is not a photo.
bot-join-photo-too-large = This picture is too large. Send it as a photo, not as a file.
bot-join-photo-lost = This photo did not open. Send it once more.
bot-join-house = 🏠 Write your house as it stands on the gate: 12, 12a, Forest Road 5.
bot-join-name = What is your name? First and last.
# $name is the name as the person wrote it.
bot-join-name-is = Your name: { $name }
bot-join-phone = 📞 A telephone, so that an administrator can call. You may skip it.
bot-join-give-phone = 📞 Give my number
bot-join-skip = Skip
bot-join-phone-of-another = That is somebody else's number. Give your own, or skip it.
bot-join-phone-noted = All right.
bot-join-kind = Who are you in this house?
# $number is the version of the consent text.
bot-join-consent = One thing is left, your consent (version { $number }):
bot-join-agree = ✅ I agree, send the application
bot-join-decline = I do not agree
bot-join-declined = You cannot apply without the consent. If you change your mind, begin again.
bot-join-send = 📨 Send again
bot-join-sent = 📨 Your application was sent.

# $house is the house's label, $kind as what the person asked.
bot-join-waiting = 🕓 Your application is waiting: house { $house }, { $kind }
bot-join-accepted = 🎉 You were accepted: house { $house }, { $kind }
bot-join-refused = ❌ Your application was refused: house { $house }, { $kind }
bot-join-withdrawn = Your application was withdrawn: house { $house }, { $kind }
# $reason is the reason in an administrator's words.
bot-join-reason = Reason: { $reason }
bot-join-accepted-elsewhere = Another account signs in as you already. Ask an administrator for a link to sign in here.
bot-join-withdraw = Withdraw the application
bot-join-withdraw-sure = Withdraw the application? It will not be considered any more, and we delete our copy of the photo. You may apply again later.
bot-join-keep = Keep it
bot-join-again = Apply again

bot-join-invited = 👋 You are invited. The invitation works once, and for you alone. Come in here?
bot-join-enter = Come in
bot-join-second-factor = 🔐 Write the code from the application by which you confirm that it is you.
bot-join-link-over = Ask whoever sent it for a new link, or an administrator.
# $names says who the person is, and in which settlement.
bot-join-arrived = ✅ You are here now: { $names }
bot-join-arrived-nobody = ✅ Done: this messenger is connected to your account.
# $address is the address of the site.
bot-join-connect = 🔗 Connect this messenger to the account at { $address }? Agree only if you made this link yourself in your settings.
bot-join-connect-me = Yes, it is me
bot-join-connect-ended = This link was used, or its time is over. Make a new one in the settings on the site.
bot-join-connect-taken = This messenger is connected to another account already, as which you live in a settlement. Disconnect it there first.
