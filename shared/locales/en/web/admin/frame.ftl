no-office = This page is for administrators
no-office-home = To the resident's page

go = Sections
go-away = The server does not answer: this is what was known before. The connection comes back by itself.
go-to-content = To the content
go-menu = Menu
go-inbox = Inbox
go-houses = Houses
go-people = People
go-journal = Journal
go-gates = Gates and hubs
go-bans = Bans
go-consents = Consents
go-audit = Who did what
go-settings = Settings
go-resident = Resident's page
go-settlement = Settlement
go-sign-out = Sign out
# $count: how many things.
go-waiting = { $count ->
    [one] { $count } thing waits
   *[other] { $count } things wait
}
