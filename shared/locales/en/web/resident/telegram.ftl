# The page within Telegram, and who one is there.
telegram = Telegram
telegram-not-connected = not connected
telegram-what = In Telegram the bot tells you who has come, asks whether to let them in, issues passes and opens the gate.
telegram-connect = Connect
telegram-make-link = Get the link
# $at: until what time.
telegram-open = Open the bot by this link and press “Start”. It works once, until { $at }. Show it to nobody: whoever opens it becomes you.
telegram-open-here = Open Telegram
telegram-open-there = Is Telegram on another telephone? Point its camera at the code.
telegram-qr = QR code with the link to the bot
telegram-waits = Waiting for you to open the bot. This page will notice by itself.
# $day: since which day.
telegram-since = connected { $day }
telegram-blocked = You have stopped the bot: it cannot write to you. Open it and press “Restart”.
telegram-disconnect = Disconnect
telegram-disconnect-sure = Disconnect Telegram?
telegram-disconnect-what = The bot will neither write to you nor know you any more, and wherever you are signed in by Telegram, that ends.
telegram-sign-in = Sign in with Telegram

telegram-close = Close the window
telegram-otherwise = Sign in another way
telegram-open-bot = Open the bot
telegram-open-again = To sign in, close this window and open it from the bot again.
telegram-kept-out = Your browser keeps no sign-in for pages within Telegram. Open the site by itself, or Telegram on your phone.
telegram-open-site = Open the site
