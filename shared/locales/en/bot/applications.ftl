# The bot: those who ask to join, as an administrator sees them.

# $name is who asks, $house the house, $kind as what, $at when it came.
bot-app-card =
    📨 Application: { $name }
    🏠 House { $house } · { $kind }
    🕓 { $at }
bot-app-by-code = 🔑 Knows the code of the house
bot-app-by-photo = 📷 Sent a photo
# $phone is the telephone number.
bot-app-phone = 📞 { $phone }
bot-app-no-phone = 📞 No telephone given
bot-app-residents = In the house now:
bot-app-nobody = Nobody is in this house yet.
bot-app-more-residents = and { $count } more
bot-app-accept = ✅ Accept
bot-app-refuse = ❌ Refuse
bot-app-other-house = 🏠 Another house
bot-app-back = ← Back
bot-app-none = No applications are waiting 👌
bot-app-there-are-more = These are not all.
bot-app-more = Show more
bot-app-accepted = ✅ You accepted it
bot-app-refused = ❌ You refused it
# $name is who asked.
bot-app-accepted-who = ✅ Accepted: { $name }
bot-app-refused-who = ❌ Refused: { $name }
bot-app-why = Why? They will see the reason.
bot-app-own-words = ✏️ In your own words
bot-app-write-why = Write the reason in one message. They will see it.
bot-app-write-house = Write in which house they live.
bot-app-in-words = Write it in words, please.
bot-app-no-house = There is no such house. Write it otherwise, as it stands on the gate.
# $name is who asks.
bot-app-which-house = Into which house: { $name }?
# $house is the house's label.
bot-app-accept-into = ✅ Accept: house { $house }
bot-app-reason-1 = The photo does not show that you live in this house. Send a view from the window, or a picture in front of your house.
    .short = The photo does not show which house
bot-app-reason-2 = The house seems to be wrong. Check its number and apply again.
    .short = The house is wrong
bot-app-reason-3 = The photo is not clear enough. Send another one.
    .short = The photo is not clear
bot-app-reason-4 = The people of the house do not know you. Ask its owner to invite you.
    .short = Not known in the house
bot-app-reason-5 = We could not reach you. Give a telephone number that you answer.
    .short = Could not be reached
bot-app-reason-6 = You have applied for this already.
    .short = Applied already
