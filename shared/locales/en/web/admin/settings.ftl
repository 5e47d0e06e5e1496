settings-title = Settings
settings-community = The settlement
settings-name = Name
settings-name-means = As its people call it
settings-language = First language
settings-language-means = For those who have not chosen theirs
settings-zone = Time zone
settings-zone-means = The hours of passes and of the journal are in it
settings-country = Country
settings-country-means = Plates without a country are read as this one's
settings-currency = Currency
settings-currency-means = What money is counted in
settings-saved = Saved.
settings-stale = Somebody else has changed this meanwhile. Their changes are shown by now, and yours are still in the fields: look at them and save once more.

settings-retention = How long what is kept
settings-retention-means = In days. What is older is destroyed within a day, in the cloud and at the gates. It cannot be brought back.
settings-shortens = What is to be kept for less counts from { $at } on. Until then all is kept as before, and it can be set back.
settings-keep-pictures_days = Pictures of the gates
    .bounds = 1 to 90, and no longer than the journal
settings-keep-journal_days = The journal and its passes
    .bounds = 30 to 1095
settings-keep-applications_days = Requests to join
    .bounds = 7 to 90; undecided ones are refused by then
settings-keep-questions_days = Questions to houses, notifications
    .bounds = 7 to 365
settings-keep-alarms_days = Alarms
    .bounds = 30 to 1095
settings-keep-audit_days = Who did what and looked at what
    .bounds = 90 to 1825
settings-shorten-title = Keep less?
settings-shorten-from = { $what }: { $from } → { $to } days
settings-shorten-means = For a week all is kept as before, and it can be set back. Then what is older than that is destroyed within a day and cannot be brought back.
settings-shorten = Keep less

settings-sweeps = What was destroyed when its time was over
settings-sweeps-none = Nothing was destroyed yet.
settings-destroyed-pictures = pictures: { $n }
settings-destroyed-journal = journal entries: { $n }
settings-destroyed-passes = passes: { $n }
settings-destroyed-questions = questions: { $n }
settings-destroyed-alarms = alarms: { $n }
settings-destroyed-applications = applications: { $n }
settings-destroyed-audit = deeds: { $n }
settings-destroyed-requests = requests: { $n }
settings-destroyed-notifications = notifications: { $n }
settings-destroyed-visits = visits that a house wanted untold: { $n }
settings-destroyed-erased = records of those who wanted to be forgotten: { $n }

settings-erasures = Who wanted to be forgotten
settings-erasures-none = Nobody.
settings-erased-by-self = Asked for it { $at }
settings-erased-by-office = Entered for them { $at }
settings-erased = erased { $at }
settings-erasing = being erased
settings-erased-records =
    { $n ->
        [one] { $n } record erased
       *[other] { $n } records erased
    }

settings-exports = Tables to take along
settings-exports-mean = All that the settlement knows, as CSV tables for Excel and other programs. Each download is written down, for all whom it concerns.
settings-table-houses = Houses
settings-table-people = People
settings-table-vehicles = Vehicles
settings-table-cards = Cards and remotes
settings-table-passes = Passes
settings-table-journal = Journal
settings-table-questions = Questions to houses
settings-table-applications = Applications
settings-table-bans = Bans
settings-table-audit = Who did what
