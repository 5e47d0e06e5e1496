# How one comes in by a link, and how one joins.
join-enter = Welcome
join-enter-how = This link lets you in once. After that you stay signed in here until you sign out.
# $name: as whom.
join-enter-or = You are signed in as { $name }. If the link is for you, the invitation is added to your account. If it is somebody else's, or of another account, your session here ends and you become somebody else here.
# $name: as whom one is signed in now.
join-enter-other = Your session here has ended. You are now { $name } here. If that is not you, sign out: "More", "Sign out".
join-enter-go-on = Go on
join-enter-now = Enter
join-link-over = If you have signed in before, do so as always. If not, ask whoever sent it for another link, or the administrator.
join-to-sign-in = I have signed in before

# $community: the settlement's name.
join = { $community }: ask to join
join-somewhere = Ask to join
join-closed = Nobody can join yet: the administrator takes no applications so far. Try later, or call them.
join-in-telegram = Join with the bot in Telegram
# $name: what you are called there.
join-is-here = { $name }, you are in this settlement already. You need this only for another house.
join-to-gates = To the gates
join-who = Who you are
join-name = Your full name
join-phone = Telephone
join-phone-why = For the administrator to call. You may leave it empty.
join-kind = In this house you are
join-kind-owner = Owner
join-kind-family = Family
join-kind-tenant = Tenant
join-kind-staff = Help about the house
join-house = Your house
join-proof = How to show it
join-proof-code = House code
join-proof-photo = Photo
join-code = House code
join-code-where = It stands in the settlement's letter, below the QR code.
join-house-label = House
join-house-how = As it stands on the gate or the house: 12, 12a, Forest Lane 5.
join-photo = Photo
join-photo-how = The view from your window, or you at your house. Only the administrator sees it, and it is deleted once they decide.
join-photo-window = The view
join-photo-selfie = Selfie
join-photo-file = A file
join-photo-preview = Your photo
join-photo-unreadable = This file does not open as a photo. Choose another.
join-photo-first = Add a photo first.
# $number: the how manyth version.
join-consent = Consent, version { $number }
join-agree = I have read it and agree
join-send = Send the application

# $house: which house.
join-progress = Application, house { $house }
join-state-waiting = Being looked at
join-state-accepted = Accepted
join-state-refused = Refused
join-state-withdrawn = Withdrawn
# $reason: why it was refused.
join-reason = Reason: { $reason }
# $at: when.
join-asked-at = Sent { $at }
join-decided-at = decided { $at }
join-wait-how = You may close this page. Open it again in this browser to see what was decided.
join-again = Apply again
join-withdraw = Withdraw the application
join-withdraw-sure = Withdraw the application?
join-withdraw-what = The administrator sees it no more, the photo is deleted. You may send another later.
join-application-gone = This application is not there any more: its time is over, or its data were erased.

join-nobody = You live nowhere here yet
join-how = How to join
join-how-letter = Scan the QR code on the settlement's letter or on the board at the entrance, and apply.
join-how-link = Or ask the administrator for a link to your settlement.
join-how-invited = If your family's house is here already, they can invite you themselves.
join-look-again = Look again
join-open = To the application
