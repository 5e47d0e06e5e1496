go = Sections
go-gates = Gates
go-passes = Passes
go-journal = Journal
go-household = Home
go-settings = More
go-settlement = Settlement
go-to-content = Skip to the content
go-answer = Somebody is waiting for you: answer
nowhere = There is no such page
nowhere-home = To the first page
# $house — the house's number or name.
house-label = House { $house }
house-choice = House
