go = Sections
go-gates = Gates
go-passes = Passes
go-journal = Journal
go-household = Home
go-settings = More
nowhere = There is no such page
nowhere-home = To the first page
