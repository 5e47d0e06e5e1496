import = Import a table
import-choose = Choose a table
import-hint = CSV or XLSX, up to 3,000 rows. First you see what would come of each row: nothing changes until you press “Enter”.
import-drop = Drop a file here, or
import-file = Choose a file
import-columns = Which columns it needs
import-columns-hint = Only “House” must be there. “Name”, “Phone”, “Kind” (owner, family, tenant, staff), “Note”, “Plate” and “Car” are read as well. A row is one person and one car; write twice who has two.
import-sample-get = Get an empty table with an example
import-sample-file = settlement.csv
import-sample = House,Name,Phone,Kind,Note,Plate,Car{"\u000A"}12,Anna Petrova,+7 912 345-67-89,owner,,A123BC77,white Niva{"\u000A"}
import-reading = Reading “{ $name }”…
import-preview = What would come of “{ $name }”
import-wrong = { $count ->
    [one] Something is wrong in { $count } row of { $all }: it is left out
   *[other] Something is wrong in { $count } rows of { $all }: they are left out
}
import-right = { $count ->
    [one] { $count } row read, all well
   *[other] { $count } rows read, all well
}
import-would-make = It makes: { $what }.
import-would-make-nothing = Nothing new: all of it is there already, or the rows are wrong.
import-houses = { $count ->
    [one] { $count } house
   *[other] { $count } houses
}
import-people = { $count ->
    [one] { $count } person
   *[other] { $count } people
}
import-places = { $count ->
    [one] { $count } place in a house
   *[other] { $count } places in houses
}
import-vehicles = { $count ->
    [one] { $count } car
   *[other] { $count } cars
}
import-read-columns = Columns: { $columns }.
import-unread-columns = Not read: { $columns }. If they are needed, call them otherwise.
import-unchanged = Nothing is changed yet. It can be entered until { $until }.
import-another = Another file
import-apply = { $count ->
    [0] Enter
    [one] Enter { $count } row
   *[other] Enter { $count } rows
}
import-rows = Rows
import-only-wrong = Only wrong ones ({ $count })
import-no-rows = No such rows
import-line = Row
import-column-house = House
import-column-name = Name
import-column-phone = Phone
import-column-kind = Kind
import-column-note = Note
import-column-plate = Plate
import-column-title = Car
import-column-line = Row number
import-outcome = What happens
import-typed = { $text }. In the table: “{ $typed }”
import-why = Why
import-makes-house = house
import-makes-person = person
import-makes-place = place in the house
import-makes-vehicle = car
import-known = Known already
import-more = Show more ({ $count } left)
import-applying = { $count ->
    [one] Entering { $count } row…
   *[other] Entering { $count } rows…
}
import-applying-hint = Do not close the page. A thousand rows take about a minute.
import-again = A part of it may have been entered. Enter it again: nothing comes twice.
import-done = Done
import-made = Entered: { $what }.
import-made-nothing = Nothing new was entered: all of it was there.
import-left = { $count ->
    [one] { $count } row was not entered
   *[other] { $count } rows were not entered
}
import-left-rows = What was not entered, and why
