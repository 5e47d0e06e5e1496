# What the bot says without being asked. A sign before what a message is about.
bot-told-question = 🔔
bot-told-arrival = 🚗
bot-told-application = 📨
bot-told-right = 🔑
bot-told-alarm = ⚠️
bot-told-other = ✉️

# $seconds: how long an answer still counts.
bot-told-waits = { $seconds ->
    [one] ⏳ You have { $seconds } more second to answer
   *[other] ⏳ You have { $seconds } more seconds to answer
}
bot-told-more = More
bot-told-begin = Begin
