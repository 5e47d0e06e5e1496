people = People
people-add = Add a person
people-search = Name, telephone or plate
people-none = There is nobody yet
people-not-found = Nobody found
people-name = Name
people-held = What they are
people-phone = Telephone
people-language = Language
people-nobody = Nobody anywhere
people-in = house { $house }, { $place }
person = Person
person-edit = Change
person-no-phone = None given
person-vehicles = Cars
person-places = Where they live
person-nobody = Nowhere yet: no house, no role. This person cannot sign in or open a gate.
person-erased = Being erased

settle-person = Give somebody a place
settle-in = Give a place in a house
settle-who = Who
settle-where = Which house
settle-kind = What they are there

roles = Roles
roles-none = No roles
roles-is-guard = Guard
roles-is-administrator = Administrator
roles-revoke = Take away
roles-revoke-title = Take a role away: { $name }, { $role }
roles-grant-guard = Make a guard
roles-grant-guard-title = Make a guard: { $name }
roles-grant-guard-what = A guard sees whom the houses expect, opens any gate, and issues passes when a house calls.
roles-grant-administrator = Make an administrator
roles-grant-administrator-title = Make an administrator: { $name }
roles-grant-administrator-what = An administrator decides who lives here, sees the data of all residents and the journal, and can take your role away.

link = Sign-in
link-hint = By the link this person signs in for the first time. Hand it over in person, or in a message to them alone.
link-administrator = Only whoever runs the server gives an administrator a link.
link-issue = Give a sign-in link
link-once = It works once, until { $until }. It is not shown again here; the one before ends.
link-anew = Give another link
link-anew-title = Another link: { $name }
link-anew-what = For whoever lost their way in, or was deprived of it. Whoever signs in as this person now is them no more.

erase = Erase data
erase-hint = When somebody asks for it, or has taken their consent back.
erase-administrator = Administrators erase themselves, or are erased when they are none any more.
erase-button = Erase
erase-title = Erase everything: { $name }
erase-what = The name, the telephone, applications and all else about them goes for ever, also at the gates. Places and roles end, and what stands under them. There is no way back.
# $what: a place or role; $along: what else.
erase-along = It ends: { $what }, and with it: { $along }.
erase-nothing = nothing else
erase-confirmation = To confirm, write: ERASE
erase-password = Your password
erase-done = Places and roles have ended. The rest is being erased at all hubs now; the settings say when it is done.

end-confirm = End for ever
end-reason = Why
end-reason-hint = It is kept in the records, and they are told. May be left empty
end-what-place = { $name } will be of house { $house } no more.
end-what-role = { $name } will not have this role any more.
end-what-vehicle = This car will not be let in to house { $house } any more.
end-what-card = This card will open no gate any more.
end-what-pass = This pass will let nobody in to house { $house } any more.
end-along = With it ends:
end-nothing-along = Nothing else ends with it.
end-places = { $count ->
    [one] the place of { $count } other person
   *[other] the places of { $count } other people
}
end-vehicles = { $count ->
    [one] { $count } car
   *[other] { $count } cars
}
end-cards = { $count ->
    [one] { $count } card or remote
   *[other] { $count } cards or remotes
}
end-passes = { $count ->
    [one] { $count } pass
   *[other] { $count } passes
}
end-sessions = { $count ->
    [one] { $count } session: it shows nothing of the settlement any more
   *[other] { $count } sessions: they show nothing of the settlement any more
}
end-people = Will be nobody here any more, and the settlement's chat closes for them: { $names }.
end-people-more = { $count ->
    [one] And { $count } more.
   *[other] And { $count } more.
}
end-for-ever = This is for ever. The right can be given again, but it is a new one then.
