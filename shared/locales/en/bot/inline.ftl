# The bot: a pass from another chat.

bot-inline-issue = Issue a pass: { $what }
bot-inline-send = Send the pass
bot-inline-stranger = Open the settlement's bot
bot-inline-invitation = The settlement's passes are issued by its bot: open it to join.
bot-inline-key-open = Open the bot
bot-inline-wait = ⏳ The pass is being issued…
bot-inline-key-not-told = Nothing happens?
bot-inline-issued = ✅ The pass is issued and sent to the chat
bot-inline-late = ⌛️ More than ten minutes have passed since this pass was offered, so I do not issue it. If you still need it, please choose it anew. /passes shows what is issued already.
bot-inline-not-issued = The pass was not issued.
bot-inline-not-told =
    If no pass stands in that chat in the place of “⏳”, it was not issued: the messenger did not say that you chose it.

    Write the same line to me here, such as “taxi A123BC77”, and send the link to your visitor.
bot-inline-ask-the-sender = This pass is not issued yet. Please ask whoever expects you to send it again.
