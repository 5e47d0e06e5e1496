# The bot: the closed chat of the settlement.

# $title: the name of the chat, $community: the settlement.
bot-chat-is-it = Is this the closed chat of “{ $community }”?

    I was added to “{ $title }”. If it is, I will let residents in and remove those who have left.
bot-chat-whose-is-it = I was added to “{ $title }”. Which settlement’s closed chat is it?
bot-chat-key-yes = Yes
bot-chat-key-no = No
bot-chat-nobody-asked = I was added to “{ $title }”, but no administrator of a settlement asked me there, so I left.
bot-chat-connected = ✅ “{ $title }” is the closed chat of “{ $community }”. New residents will get a link of their own, and I will remove those who leave. /chat shows how it stands.
bot-chat-left = I see, this is not the settlement’s chat. I left “{ $title }”.
bot-chat-answered = This was answered already.
bot-chat-of-another = This is the closed chat of another settlement already.

bot-chat-able = ✅ I have all the rights I need in “{ $title }”.
bot-chat-lacks-both = ⚠️ In “{ $title }” I lack the rights to invite by link and to ban users. Until I have them I let nobody in and remove nobody. Open the chat → Edit → Administrators → the bot, and turn on “Invite users via link” and “Ban users”.
bot-chat-lacks-invite = ⚠️ In “{ $title }” I lack the right to invite by link: new residents will get no link. Open the chat → Edit → Administrators → the bot, and turn on “Invite users via link”.
bot-chat-lacks-remove = ⚠️ In “{ $title }” I lack the right to ban users: I cannot remove those who leave. Open the chat → Edit → Administrators → the bot, and turn on “Ban users”.
bot-chat-gone = ⚠️ I am not in “{ $title }” any more: I cannot let new residents in or remove anybody. Put me back as an administrator, or disconnect the chat: /chat.

# $name: who asks or came in; $whose: to whom the link was given.
bot-chat-asks = { $name } asks to join “{ $title }”, but there is no such resident. Let them in?
bot-chat-key-admit = ✅ Let in
bot-chat-key-decline = ✖️ Decline
bot-chat-answer-taken = Passing your answer on
# $by: who decided.
bot-chat-admitted = { $name } was let into “{ $title }”. Decided by: { $by }.
bot-chat-declined = { $name } was not let into “{ $title }”. Decided by: { $by }.
bot-chat-asks-no-more = { $name } does not ask to join “{ $title }” any more: it was answered in the chat itself, or withdrawn.
bot-chat-by-itself = the bot, this is a resident
bot-chat-wrong-asks = ⚠️ A stranger asked to join “{ $title }” by the personal link of { $whose }: { $name }. I declined.
bot-chat-wrong-in = ⚠️ A stranger came into “{ $title }” by the personal link of { $whose }: { $name }. I am removing them, and { $whose } will get a new link.
bot-chat-came-back = ⚠️ Somebody who is not in the settlement any more came into “{ $title }” again: { $name }. I am removing them. If you want them in the chat, let them ask to join, and accept them.
bot-chat-irremovable = ⚠️ { $name } is not in the settlement any more, but Telegram does not let me remove an owner or administrator from “{ $title }”. Please remove them yourself.
bot-chat-may-not-remove = ⚠️ { $name } is to be removed from “{ $title }”, but I lack the right to ban users. Give it to me, and I will.

bot-chat-way-in-asking = 🔗 Your link to the closed chat “{ $title }”. It is yours alone: open it, send the request, and I will let you in at once. It is of no use to anybody else.
bot-chat-way-in-alone = 🔗 Your link to the closed chat “{ $title }”. It works once and for a day. Do not pass it on: I remove strangers.
bot-chat-key-enter = Join the chat
bot-chat-already-in = You are in “{ $title }” already.
bot-chat-put-out = You do not belong to the settlement any more, so I removed you from the closed chat “{ $title }”.

bot-chat-none = “{ $community }” has no closed chat with me yet.
bot-chat-none-yet = “{ $community }” has no closed chat with me yet.

    Add me to the group as an administrator with “Invite users via link” and “Ban users”, and I will ask you whether that is the chat.
bot-chat-of = 💬 The closed chat of “{ $community }”: “{ $title }”
bot-chat-let-in = Residents in the chat: { $count }
bot-chat-strangers = In the chat but not in the settlement (of those I have seen), { $count }: { $names }
bot-chat-requests = Waiting for your decision, { $count }: { $names }
bot-chat-key-link = 🔗 Link to the chat
bot-chat-link-comes = Your link is on its way
bot-chat-key-part = Disconnect the chat
bot-chat-part = Disconnect the chat from the settlement? Personal links will stop working, and I will leave. Everybody else stays.
bot-chat-key-part-yes = Yes, disconnect
bot-chat-key-back = No
bot-chat-parted = The chat is disconnected. To connect another one, add me to it.
