### What people are told by e-mail and on their telephones.

# What a message is about.
notify-question = Somebody is here for you
notify-arrival = Your guests
notify-application = Applications
notify-right = Your rights
notify-alarm = Something is wrong
# $community: the community's name; $title: what it is about.
notify-subject = { $community }: { $title }

channel-telegram = Telegram
channel-push = Notifications in the browser
channel-email = E-mail

# To the house. $gate: where they wait.
told-question = Somebody is waiting at: { $gate }. Let them in?
    .name = { $name } is waiting at: { $gate }. Let them in?
    .plate = Car { $plate } is waiting at: { $gate }. Let it in?
# To the others who were asked. $person: who answered.
told-allowed = { $person } has answered: let in. Gate: { $gate }
told-denied = { $person } has answered: do not let in. Gate: { $gate }
told-allowed-by-telephone = The house said by telephone to let them in. Gate: { $gate }
told-denied-by-telephone = The house said by telephone not to let them in. Gate: { $gate }
told-unanswered = Nobody answered in time, the guard has decided. Gate: { $gate }
told-too-late = Your answer came too late, the guard has decided
# To whoever answered.
told-allowed-by-you = You have answered: let in. Gate: { $gate }
told-denied-by-you = You have answered: do not let in. Gate: { $gate }

# To whoever issued the pass. $at: a moment.
told-arrived = Your guest has come: { $gate }, { $at }
    .name = { $name } has come: { $gate }, { $at }
    .plate = Car { $plate } has come: { $gate }, { $at }
# $reason: why, in words.
told-refused = Your guest was not let in: { $gate }, { $at }. { $reason }
    .name = { $name } was not let in: { $gate }, { $at }. { $reason }
    .plate = Car { $plate } was not let in: { $gate }, { $at }. { $reason }

# To administrators.
told-application = { $name } asks to join, house { $house }
told-application-waits = { $name } has been waiting for your answer since { $at }, house { $house }
told-alarm = { $alarm } ({ $at })
    .name = { $name }: { $alarm } ({ $at })
# To those who have it on their screens. $person: who decided; $reason: why.
told-application-accepted = ✅ { $person } has accepted it
told-application-refused = ❌ { $person } has refused it
    .reason = ❌ { $person } has refused it: { $reason }
told-application-withdrawn = It was withdrawn
# To those who have it on their screens. $at: when; $person: who.
told-alarm-over = ✅ All is well again ({ $at })
told-alarm-seen = ✅ { $person } has seen to it ({ $at })

# To the person. $place and $role: what they are.
told-accepted = Welcome! Your application was accepted, house { $house }
# $house: which they asked to join; $reason: why not.
told-not-accepted = ❌ Your application was refused: house { $house }
    .reason = ❌ Your application was refused: house { $house }. Reason: { $reason }
told-place-given = You are now of house { $house }: { $place }
told-place-taken = You are no longer of house { $house }: { $place }
    .reason = You are no longer of house { $house }: { $place }. { $reason }
told-role-given = You have a new role: { $role }
told-role-taken = You no longer have the role: { $role }
    .reason = You no longer have the role: { $role }. { $reason }
