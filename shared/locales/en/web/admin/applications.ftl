application = Application
application-inbox = To the inbox
application-waiting = { $count ->
    [0] Nobody else waits
    [one] { $count } application waits
   *[other] { $count } applications wait
}
application-who = { $name }, house { $house }
application-by-code = With the house's code
application-by-photo = With a photo
application-is-accepted = Accepted
application-is-refused = Refused
application-is-withdrawn = Withdrawn
application-house = House
application-proof = Proof
application-proof-code = The code of this house
application-proof-photo = A photo
application-phone = Telephone
application-no-phone = None given
application-at = Sent
application-consent = Consent
application-consent-number = Given, version { $number }
application-no-consent = Not recorded
application-language = Language
application-known = Already here
application-known-here = This person is in the settlement already
application-photo = Photo
application-no-photo = The photo is gone: it is kept only while the application waits.
application-photo-of = Photo of the application: { $name }
application-photo-whole = Show the whole photo
application-residents = In house { $house } today
application-no-residents = There is nobody in this house yet.
application-next = Next: { $name }
application-accepted = Accepted by { $name }, { $when }
application-refused = Refused by { $name }, { $when }: { $reason }
application-withdrawn = Withdrawn by the applicant, { $when }
application-person = To the person

decide = Decision
decide-becomes = If accepted: { $name }, house { $house }, { $kind }.
decide-final = A decision is final: the place can only be taken away later.
decide-correct = Correct the house, the role, or who it is
decide-house = House
decide-kind = Who they are there
decide-who = Who it is
decide-who-new = Somebody new
decide-accept = Accept
decide-refuse = Refuse
decide-reason = Why? They will read the reason. A refusal is final, but they can apply again.
decide-own = Another reason, in your words
decide-refuse-so = Refuse for this reason
decide-accepted = Accepted: { $name }
decide-refused = Refused: { $name }
decide-taken = Somebody signs in as this person already, and an application takes nobody’s sign-in from them. If they cannot sign in any more, give them a new link on their page, and refuse the application.

reason-1 = The photo does not show that you live in this house. Send a view from the window, or a picture in front of your house.
reason-2 = The house seems to be wrong. Check its number and apply again.
reason-3 = The photo is not clear enough. Send another one.
reason-4 = The people of the house do not know you. Ask its owner to invite you.
reason-5 = We could not reach you. Give a telephone number that you answer.
reason-6 = You have applied for this already.
