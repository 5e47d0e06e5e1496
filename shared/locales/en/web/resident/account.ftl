# Signing in, and everything behind the tab "More".
account-sign-in = Sign in
account-again = Before you change the account, sign in once more: that shows it is you.
account-by-passkey = Passkey
account-by-passkey-how = Your finger, your face or the code of your phone. No password.
account-passkey-sign-in = Sign in with a passkey
account-by-letter = By a letter
account-by-password = By a password
account-email = E-mail
account-send-letter = Send me a link
# $email: where it was sent.
account-letter-sent = If somebody signs in with { $email }, a letter is on its way. Its link is good for an hour.
account-password = Password
account-show-password = Show the password
account-sign-in-now = Sign in
account-forgotten = I forgot my password
account-reset-sent = If somebody signs in with { $email }, a letter is on its way. Its link lets you set another password.
account-rather-letter = Sign in by a letter
account-rather-password = Sign in by a password
account-no-way = Never signed in before? Open the link that you were sent, or scan the code on the settlement's letter. If you have neither, ask the administrator.
account-leaving = The server does not answer so far. Here you have left and all is forgotten; on the server the session ends once there is a connection.
account-code = Code
account-code-how = Six digits from the app, or one of your spare codes.
account-reset = Another password
account-new-password = New password
account-new-password-how = 8 characters or more. A few words in a row are best.
account-set-password = Save the password
account-reset-done = The password is set, and you are signed out everywhere. Sign in with it.
account-to-sign-in = To the sign-in
account-prove = Confirm your address
account-prove-how = This link shows that you read the mail to your address.
account-prove-now = Confirm
account-proved = { $email } is confirmed.
account-to-settings = To the settings

account-more = More
account-me = About me
account-to-office = The administrator's page
account-language = Language
account-told = Notifications
account-how-told = How I am told
account-ways-in = How I sign in
account-passkeys = Passkeys
# $count: how many.
account-passkeys-count = { $count ->
    [0] none
    [one] { $count } passkey
   *[other] { $count } passkeys
}
account-none = not set
account-set = set
account-on = on
account-off = off
account-second-factor = Second factor
account-sessions = Where I am signed in
account-data = My data
account-consents = Consents
account-looks = Who looked at my data
account-export = Export my data
account-erase = Erase me
account-sign-out = Sign out
account-saved = Saved.

account-name = Name
account-phone = Telephone
account-phone-why = Seen by the administrator and, when you have to be asked, by the guard.

account-channels = In which way
account-channel-telegram = Messages in Telegram
account-channel-push = Notifications in the browser
account-channel-email = E-mail
account-channel-no-telegram = We cannot write to you in Telegram yet: it is not connected, or you have stopped the bot.
account-channel-no-email = E-mail needs a confirmed address.
account-email-add = Set an address
account-about = About what
account-about-question = Somebody came to you: let them in?
account-about-arrival = Your visitors arrived
account-about-application = Applications to join
account-about-right = Your rights have changed
account-about-alarm = Something is wrong with a gate
account-quiet = Quiet hours
account-quiet-on = Do not disturb at night
account-quiet-how = The guard's questions come all the same: somebody waits at the gate.
account-quiet-from = From
account-quiet-until = Until
account-browsers = In the browser
account-push-none = This browser shows no notifications. On an iPhone, add the page to the home screen first.
account-push-here = This browser is told.
account-push-tell = Tell me in this browser
account-push-forbidden = The browser does not allow notifications of this page. Allow them in its settings and try again.
account-push-failed = The browser could not subscribe to notifications. Try again later.
account-push-end = Stop telling
# $day: since which day.
account-since = added { $day }
account-agent-unknown = Unknown browser

account-passkeys-how = Your phone or computer keeps the key. Nobody can spy it out, forget it or trick you out of it.
account-passkeys-none = No passkeys yet. Add the first, and you need the password no more.
account-passkeys-cannot = This browser cannot keep passkeys.
account-passkey-add = Add a passkey
account-passkey-name = Name
account-passkey-name-how = For you to know it by later: "Phone", "Laptop".
account-passkey-known = This device has a passkey already.
account-passkey-added = The passkey is added. Sign in with it next time.
# $day: when.
account-used = last used { $day }
account-used-never = never used
account-passkey-suspect = Refused { $day }: there seems to be a copy of it. If that was not you, remove it.
account-rename = Rename
# $name: what it is called.
account-rename-of = Rename: { $name }
account-remove = Remove
account-remove-of = Remove: { $name }
account-passkey-remove = Remove the passkey "{ $name }"?
account-passkey-remove-what = Nobody signs in with it any more. Remove it from the device itself, too.

account-password-now = Your password
account-password-why = To see that it is you. If you have just signed in by a link or a passkey, leave it empty.
account-stale = Sign in once more for this.
account-password-no-email = To sign in by a password you need an e-mail address as well: it stands for your name.
account-password-done = The password is saved, all other sessions have ended.
account-ends-others = All other sessions will end.

account-email-is = Mail about your account goes to { $email }.
account-email-unproved = { $email } is not confirmed yet.
account-email-none = No address is set. With one you can sign in even if the phone is lost.
account-email-to-prove = A letter went to { $email }. Open its link in this browser.
account-email-new = New address
account-email-set = Send a letter
account-email-remove = Remove the address

account-second-factor-how = Beside a password or a link, a code from an app on your phone is asked for. A passkey does not need it.
account-second-factor-app = You need an app that shows codes, Aegis or Google Authenticator for example.
account-second-factor-begin = Begin
account-second-factor-scan = Scan it with the app
account-second-factor-qr = QR code for the app with codes
account-second-factor-here = The app is on this phone
account-second-factor-secret = Or type it into the app
account-second-factor-turn-on = Turn on
account-second-factor-is-on = The second factor is on.
account-second-factor-off = Turn off
account-second-factor-turn-off = Turn the second factor off
account-recovery = Spare codes
account-recovery-how = Write them down or print them now: they are not shown again. Each stands for the app once.
# $count: how many are left.
account-recovery-left = { $count ->
    [0] The second factor is on, no spare codes are left.
    [one] The second factor is on, { $count } spare code is left.
   *[other] The second factor is on, { $count } spare codes are left.
}

account-way-password = By a password
account-way-passkey = By a passkey
account-way-link = By a link
account-way-telegram = With Telegram
account-with-code = with a code
# $at: when.
account-seen = last seen { $at }
account-this = Here
account-end = End
# $name: where.
account-end-one = End the session: { $name }?
account-end-what = One has to sign in there again. It gets no more notifications.
account-end-others = End all other sessions
# $count: how many.
account-end-others-what = { $count ->
    [one] { $count } session ends, this one stays.
   *[other] { $count } sessions end, this one stays.
}

account-consents-asked = waits for your answer
account-consents-mine = What I agreed to
account-consents-none = No consents.
# $number: the how manyth version.
account-consent-number = Consent, version { $number }
account-consent-asked = New consent, version { $number }
account-agree = I have read it and agree
account-agree-now = Agree
account-channel-of-web = on the web
account-channel-of-telegram = in Telegram
account-channel-of-paper = on paper
# $at: when.
account-withdrawn = withdrawn { $at }
account-withdraw = Withdraw my consent
account-withdraw-sure = Withdraw your consent?

# $community: the settlement's name.
account-export-what = All that { $community } knows of you: name, telephone, rights, cars, passes, arrivals, consents, and who looked at your data. One JSON file.
account-export-care = It is personal: do not send it on, and leave it on nobody else's computer.
account-export-goes-on = Gathering it may take a minute.
account-export-done = The file is saved.
account-export-now = Export

account-erase-what = What is erased: { $community }
account-erase-name = Your name, telephone, applications, consents and notifications.
account-erase-journal = Your name and the plates of your cars in the journal. What the gates did stays without them.
account-erase-gates = Your rights and passes end: the gates open no more for you, nor by them.
# $names: who.
account-erase-invited = With you those whom you invited lose their rights: { $names }
# $count: how many.
account-erase-vehicles = { $count ->
    [one] The barrier knows { $count } car of yours no more.
   *[other] The barrier knows { $count } cars of yours no more.
}
account-erase-export = You may save it first.
account-erase-sure = There is no way back
# $word: which word.
account-erase-word = Type the word "{ $word }"
account-erase-the-word = erase
account-erase-now = Erase me
