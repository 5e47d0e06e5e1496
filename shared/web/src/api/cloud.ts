// @generated from openapi.json by `npm run types`; a test fails when it is stale.

export interface paths {
    "/api/docs/{file}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The same to look at and to try: `index.html`, and the files that it needs */
        get: operations["description.page"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/account": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** My account */
        get: operations["account.show"];
        put?: never;
        post?: never;
        /** End my account: nobody signs in to it any more; whom it was in a community stays there */
        delete: operations["account.delete"];
        options?: never;
        head?: never;
        /** Change my account */
        patch: operations["account.edit"];
        trace?: never;
    };
    "/api/v1/account/email": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Give my account another address
         * @description It is the account's as soon as the link is opened that is sent there. An empty one is taken away at once.
         */
        put: operations["account.set_email"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/account/email/proof": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Prove that mail to an address is read, by the link that was sent there */
        post: operations["account.prove_email"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/account/messengers/telegram": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** I am nobody in Telegram any more, and where I was signed in by it, that has ended */
        delete: operations["account.disconnect_telegram"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/account/messengers/telegram/link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A link by which I am known in Telegram
         * @description Where I was known there by another user, that one is it no more.
         */
        post: operations["account.link_telegram"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/account/passkey-challenges": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Begin to add a passkey: what the device is to be asked, within five minutes */
        post: operations["account.begin_passkey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/account/passkeys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** My passkeys */
        get: operations["account.passkeys"];
        put?: never;
        /** Add the passkey that the device has made */
        post: operations["account.add_passkey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/account/passkeys/{passkey}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Remove a passkey: nobody signs in with it any more */
        delete: operations["account.remove_passkey"];
        options?: never;
        head?: never;
        /** Call a passkey otherwise */
        patch: operations["account.rename_passkey"];
        trace?: never;
    };
    "/api/v1/account/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Set my password; all other sessions end */
        put: operations["account.set_password"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/account/second-factor": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Turn it on by a code; all other sessions end */
        put: operations["account.confirm_second_factor"];
        /** Ask for a second factor; nothing changes until it is confirmed */
        post: operations["account.offer_second_factor"];
        /** Turn it off by a code */
        delete: operations["account.remove_second_factor"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/account/second-factor/proof": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Give a code where I am signed in already: in a messenger it is asked for anew, now and then */
        post: operations["account.prove_second_factor"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/account/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Where I am signed in */
        get: operations["account.sessions"];
        put?: never;
        post?: never;
        /** End all of my sessions but this */
        delete: operations["account.end_other_sessions"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/account/sessions/{session}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** End one of my sessions */
        delete: operations["account.end_session"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/communities": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Find the community that one wants to join, by a part of its name
         * @description Without a name: the one that there is, where there is one alone. Nobody has all of them listed.
         */
        get: operations["community.find"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/communities/{community}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The community */
        get: operations["community.show"];
        /** Change the community's name and settings */
        put: operations["community.edit"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/communities/{community}/alarms": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The alarms that stand */
        get: operations["alarms.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/communities/{community}/alarms/{alarm}/acknowledge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Say that I have seen an alarm of something that happened; it ends */
        post: operations["alarms.acknowledge"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/communities/{community}/applications": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who asks to join, and who did */
        get: operations["applications.list"];
        put?: never;
        /**
         * Ask to join
         * @description Whoever is signed in becomes, when they are accepted, that person; others follow their application by its `secret`. With an
         *     `Idempotency-Key` of 16 characters or more, drawn by chance, whoever repeats the request has the same answer.
         */
        post: operations["applications.apply"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/communities/{community}/applications/house": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whether there is a house of this label, before one asks to join it
         * @description It says no more than that, and not of many: who lives where is nobody's business.
         */
        get: operations["applications.find_house"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/communities/{community}/applications/mine": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The applications of my account */
        get: operations["applications.mine"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/communities/{community}/applications/mine/{key}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What became of an application
         * @description `key` is the secret that it was answered with, or, for the account that made it, its id.
         */
        get: operations["applications.follow"];
        put?: never;
        post?: never;
        /** Withdraw an application */
        delete: operations["applications.withdraw"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/communities/{community}/applications/mine/{key}/link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A link to sign in first, for whoever was accepted */
        post: operations["applications.link"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/communities/{community}/applications/photo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send the photo of an application to be */
        post: operations["applications.send_photo"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/communities/{community}/applications/{application}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One that asks to join, with the people of the house that it claims */
        get: operations["applications.show"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/communities/{community}/applications/{application}/acceptance": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Accept one: a person with a place comes to be
         * @description Who has that very place already keeps it, and is not given it twice. Nobody comes by it to an account that is another's.
         */
        post: operations["applications.accept"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/communities/{community}/applications/{application}/photo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The photo of one that waits */
        get: operations["applications.photo"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/communities/{community}/applications/{application}/refusal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Refuse one */
        post: operations["applications.refuse"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/communities/{community}/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What those in office did and looked at */
        get: operations["audit.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/communities/{community}/bans": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The bans */
        get: operations["bans.list"];
        put?: never;
        /** Ban a person or a plate */
        post: operations["bans.ban"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/communities/{community}/bans/{ban}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Lift a ban; others on the same person or plate stand */
        delete: operations["bans.lift"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/communities/{community}/card": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What whoever wants to join sees */
        get: operations["community.card"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/communities/{community}/chats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The closed chat of the community in a messenger */
        get: operations["chats.list"];
        put?: never;
        /** Make a group, into which the caller let the bot, the closed chat */
        post: operations["chats.connect"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/communities/{community}/chats/requests/{request}/answer": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Let somebody in who asks to join the chat, or not */
        post: operations["chats.answer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/communities/{community}/chats/{chat}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Part the chat from the community: ways into it are closed, and the bot leaves */
        delete: operations["chats.disconnect"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/communities/{community}/chats/{chat}/invite": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A way into the chat for the caller, told in private in the messenger; one that they had before is closed */
        post: operations["chats.invite"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/communities/{community}/consent": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What is agreed to today */
        get: operations["consents.current"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/communities/{community}/consents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who agreed, and who took it back */
        get: operations["consents.list"];
        put?: never;
        /** Enter that somebody agreed on paper */
        post: operations["consents.enter"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/communities/{community}/consents/texts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All versions of the text */
        get: operations["consents.texts"];
        put?: never;
        /** Publish the next version: everybody is asked again */
        post: operations["consents.publish"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/communities/{community}/consents/withdrawals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Enter that somebody took it back on paper */
        post: operations["consents.enter_withdrawal"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/communities/{community}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What changes that concerns me, as it happens (server-sent events)
         * @description `entry`: a line of the journal, with its id; `Last-Event-ID` goes on from there. `journal`: more lines than are told one by
         *     one, to be read anew. `questions` and `gates`: the documents of these routes. `passes`: which passes of my houses stand
         *     otherwise. `office`: how many applications and alarms wait for an administrator.
         */
        get: operations["events.follow"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/communities/{community}/expected": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whom the houses expect today */
        get: operations["passes.expected"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/communities/{community}/exports/{what}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Everything of one kind, as CSV (RFC 4180, UTF-8)
         * @description `what` is `houses.csv`, `people.csv` (a line for each place or role of each), `vehicles.csv`, `cards.csv`, `passes.csv`,
         *     `journal.csv`, `questions.csv`, `applications.csv`, `bans.csv` or `audit.csv`. What a spreadsheet would take for a formula
         *     has an apostrophe before it. Between the cells stands a comma; in Russian a semicolon, as spreadsheets there expect it. Two
         *     at a time.
         */
        get: operations["exports.download"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/communities/{community}/gates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The gates that I may open */
        get: operations["gates.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/communities/{community}/gates/{gate}/open": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Open a gate, now
         * @description What becomes of it is told by `openings.follow` as it happens and by `openings.show` later. Where the gatehouse is away
         *     nothing is done, now or later. A request that is repeated with its `Idempotency-Key` presses nothing: it is told of the
         *     opening that there is, or was.
         */
        post: operations["gates.open"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/communities/{community}/grants/{grant}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What ends with a grant, for whoever may end it */
        get: operations["grants.preview"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/communities/{community}/grants/{grant}/revocation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End a grant, and all that stands under it, for ever */
        post: operations["grants.revoke"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/communities/{community}/houses": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The houses */
        get: operations["houses.list"];
        put?: never;
        /** Add a house */
        post: operations["houses.add"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/communities/{community}/houses/{house}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A house */
        get: operations["houses.show"];
        /** Give a house another label and note */
        put: operations["houses.rename"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/communities/{community}/houses/{house}/code": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Issue a house a new code; the one before ends */
        post: operations["houses.issue_code"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/communities/{community}/houses/{house}/journal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The journal of a house: who came to it, and what its people opened */
        get: operations["journal.of_house"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/communities/{community}/houses/{house}/passes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The passes of a house */
        get: operations["passes.list"];
        put?: never;
        /** Issue a pass for my house, or as the guard whom a house has called */
        post: operations["passes.issue"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/communities/{community}/houses/{house}/people": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The people of a house */
        get: operations["households.list"];
        put?: never;
        /**
         * Give somebody a place in one's house; it ends with one's own
         * @description Whoever is new signs in first by the `link`, within a week.
         */
        post: operations["households.invite"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/communities/{community}/houses/{house}/people/{place}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Take a place in a house away, with all that stands under it */
        delete: operations["households.remove"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/communities/{community}/houses/{house}/people/{place}/link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Another link for somebody whom one invited and who has not signed in yet */
        post: operations["households.link"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/communities/{community}/houses/{house}/places": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Give somebody a place in a house, as an administrator does: nobody of the house takes it away */
        post: operations["households.settle"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/communities/{community}/houses/{house}/vehicles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The cars of a house */
        get: operations["vehicles.list"];
        put?: never;
        /** Have a car of my house let in from now on */
        post: operations["vehicles.add"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/communities/{community}/houses/{house}/visitor-log": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What a house wants kept of its visitors */
        get: operations["houses.visitor_log"];
        /** Choose what is kept of the visitors of my house */
        put: operations["houses.choose_visitor_log"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/communities/{community}/houses/{house}/visitors": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whom my house has expected before */
        get: operations["passes.visitors"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/communities/{community}/hubs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The hubs */
        get: operations["hubs.list"];
        put?: never;
        /** A code for a new hub, or for one in the place of another */
        post: operations["hubs.invite"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/communities/{community}/hubs/{hub}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Revoke a hub: it was stolen, or is used no more; it never connects again */
        delete: operations["hubs.revoke"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/communities/{community}/imports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * See what would come of a table of houses and people; nothing is changed
         * @description CSV (also with semicolons, and in CP1251) or XLSX, of at most 5 MB and 3,000 rows. Columns are known by their titles:
         *     `Дом`/`House`, `Имя`/`Name`, `Телефон`/`Phone`, `Роль в доме`/`Kind`, `Примечание`/`Note`, `Номер машины`/`Plate`,
         *     `Машина`/`Car`.
         */
        post: operations["imports.preview"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/communities/{community}/imports/{import}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What would come of a table that I have uploaded */
        get: operations["imports.show"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/communities/{community}/imports/{import}/apply": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Enter the houses and people of a table that I have uploaded
         * @description Rows with problems are left out. It may be repeated: what is there is not made again.
         */
        post: operations["imports.apply"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/communities/{community}/journal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The journal */
        get: operations["journal.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/communities/{community}/journal/{entry}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** An entry of the journal */
        get: operations["journal.show"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/communities/{community}/journal/{entry}/picture": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The picture of an entry: from the cloud, or else from the gatehouse that took it */
        get: operations["journal.picture"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/communities/{community}/letters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make letters with new codes to all houses, or to one
         * @description A4, a page a house, in the order of labels, with the code in letters and as a QR of
         *     `ADDRESS/join/COMMUNITY?code=CODE`, and as one that opens the bot where there is one. Where it breaks off, some houses have codes that nobody has seen: make the letters
         *     again.
         */
        post: operations["letters.issue"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/communities/{community}/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who I am there */
        get: operations["people.me"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/communities/{community}/me/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What those in office did about me and my houses, and whose data of ours they looked at */
        get: operations["me.audit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/communities/{community}/me/consents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What I agreed to, and whether I am asked again */
        get: operations["consents.mine"];
        put?: never;
        /** Agree to the current version */
        post: operations["consents.give"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/communities/{community}/me/consents/withdrawal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take back what I agreed to */
        post: operations["consents.withdraw"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/communities/{community}/me/erase": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Erase everything about me here; my places and roles end, and what stands under them */
        post: operations["me.erase"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/communities/{community}/me/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All that is known of me, to take along: also after I have left */
        get: operations["me.export"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/communities/{community}/notifications": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What I was told */
        get: operations["notifications.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/communities/{community}/notifications/failures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What did not reach people */
        get: operations["notifications.failures"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/communities/{community}/notifications/push": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Tell me in this browser */
        post: operations["notifications.subscribe"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/communities/{community}/notifications/push/key": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The key by which browsers know this cloud */
        get: operations["notifications.push_key"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/communities/{community}/notifications/push/{subscription}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Do not tell me in this browser any more */
        delete: operations["notifications.unsubscribe"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/communities/{community}/notifications/read": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Mark what I have read; what is none of mine is left alone */
        post: operations["notifications.mark_read"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/communities/{community}/notifications/settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How I am told */
        get: operations["notifications.settings"];
        /** Say how I want to be told */
        put: operations["notifications.set_settings"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/communities/{community}/openings/{opening}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** An opening that I asked for within ten minutes, and what became of it */
        get: operations["openings.show"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/communities/{community}/openings/{opening}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The same as it happens (server-sent events): an event `opening` with the document of each state, until it is over */
        get: operations["openings.follow"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/communities/{community}/passes/{pass}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A pass, and what became of it */
        get: operations["passes.show"];
        put?: never;
        post?: never;
        /** Cancel a pass */
        delete: operations["passes.cancel"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/communities/{community}/passes/{pass}/link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make a link to a pass for its visitor; the one before ends */
        post: operations["passes.share"];
        /** Take the link to a pass back */
        delete: operations["passes.withdraw"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/communities/{community}/people": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The people */
        get: operations["people.list"];
        put?: never;
        /** Add somebody, who is nobody anywhere yet */
        post: operations["people.add"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/communities/{community}/people/{person}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Somebody: oneself, or, for administrators, anybody */
        get: operations["people.show"];
        /** Change a name, telephone or language: one's own, or, for administrators, anybody's */
        put: operations["people.edit"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/communities/{community}/people/{person}/erase": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Erase everything about somebody who asked for it; their places and roles end, and what stands under them
         * @description An administrator is erased by themselves, or when they are one no more.
         */
        post: operations["people.erase"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/communities/{community}/people/{person}/link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A link by which somebody signs in first
         * @description Where somebody has signed in as them, only `anew`: that account is this person no more.
         */
        post: operations["people.link"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/communities/{community}/questions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What my houses were asked in the last minutes, those that wait for an answer first */
        get: operations["questions.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/communities/{community}/questions/{question}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A question to my house */
        get: operations["questions.show"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/communities/{community}/questions/{question}/answer": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Answer a question for my house, or as the guard who has it on the telephone; the first answer counts */
        post: operations["questions.answer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/communities/{community}/questions/{question}/picture": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The picture of whoever waits, for the house that is asked about them */
        get: operations["questions.picture"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/communities/{community}/retention": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How long what is kept */
        get: operations["retention.show"];
        /**
         * Set how long what is kept; what is older is destroyed within a day, here and at the gates
         * @description What is to be kept for a shorter time than before is kept as before for a week. All of it is set at once, by who has seen
         *     what it was: `If-Match` is required.
         */
        put: operations["retention.set"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/communities/{community}/retention/erasures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who was erased, or is being erased */
        get: operations["retention.erasures"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/communities/{community}/retention/sweeps": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What was destroyed because its time was over or somebody wanted it */
        get: operations["retention.sweeps"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/communities/{community}/roles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who is a guard or an administrator */
        get: operations["roles.list"];
        put?: never;
        /** Make somebody a guard or an administrator */
        post: operations["roles.grant"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/communities/{community}/roles/{role}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Take a role away; the last administrator stays */
        delete: operations["roles.revoke"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/communities/{community}/vehicles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The cars of my houses */
        get: operations["vehicles.mine"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/communities/{community}/vehicles/{vehicle}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Have a car let in no more */
        delete: operations["vehicles.remove"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This description */
        get: operations["description.openapi"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/recovery/letter": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a link by which a password that was forgotten is set
         * @description The answer is the same whether or not there is an account with this address, proved.
         */
        post: operations["recovery.send"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/recovery/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Set a password by the link that was sent; all sessions end
         * @description Nobody is signed in by it; a second factor stays.
         */
        put: operations["recovery.reset"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who is signed in here */
        get: operations["session.show"];
        put?: never;
        /** Sign in by a password */
        post: operations["session.by_password"];
        /** Sign out here */
        delete: operations["session.sign_out"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/letter": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a link to sign in by mail
         * @description The answer is the same whether or not there is an account with this address, proved.
         */
        post: operations["session.send_link"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign in by a link that works once: an invitation, or one that was sent by mail
         * @description Whoever is signed in already becomes, by the link of a person, that person as well, and stays signed in as they are.
         */
        post: operations["session.by_link"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/passkey": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sign in by a passkey */
        post: operations["session.by_passkey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/passkey-challenges": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Begin to sign in by a passkey: what the device is to be asked, within five minutes */
        post: operations["session.begin_passkey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/telegram": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign in by what Telegram says of whoever opens the Mini App
         * @description It is good once, within five minutes. `telegram-unknown`: the bot does not know them yet; `telegram-old`: it is to be opened
         *     anew.
         */
        post: operations["session.by_telegram"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/visits/{token}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A pass, for the visitor who has the link to it */
        get: operations["visits.show"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/visits/{token}/qr.svg": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The code of a pass as a QR code, for the visitor who has the link to it */
        get: operations["visits.code"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description Accepting: as it was asked, but for what is said otherwise. */
        AcceptApplication: {
            person?: components["schemas"]["Id"] | null;
            house?: components["schemas"]["Id"] | null;
            kind?: components["schemas"]["PlaceKind"] | null;
        };
        /** @description Somebody was accepted. */
        AcceptedApplication: {
            /** @description Who they are from now on. */
            person: components["schemas"]["Id"];
        };
        /** @description An account, as its owner sees it. */
        Account: {
            id: components["schemas"]["Id"];
            /** @description Empty where there is none. */
            email: string;
            /** @description Whether it was proved that mail to it is read. */
            email_proved: boolean;
            /** @description The address that a letter was sent to, to prove it; empty where none waits to be proved. */
            email_to_prove: string;
            has_password: boolean;
            /** @description How many passkeys there are. */
            passkeys: number;
            /** @description Whether a second factor is needed beside the password. */
            second_factor: boolean;
            /** @description How many codes on paper are left, for when it is lost. */
            recovery_codes: number;
            /** @description `ru` or `en`; empty where they have not said. */
            language: string;
            /** @description Where they are known in a messenger. */
            messengers: components["schemas"]["MyMessenger"][];
            persons: components["schemas"]["MyPerson"][];
        };
        /** @description Agreeing. */
        AgreeToConsent: {
            /** @description The version; it must be the current one. */
            text: components["schemas"]["Id"];
        };
        /** @description An alarm. */
        Alarm: {
            id: components["schemas"]["Id"];
            kind: components["schemas"]["AlarmKind_AlarmKind"];
            /** @description What is wrong, in words. */
            text: string;
            /** @description With what; empty for the cloud itself. */
            name: string;
            /** @description Particulars, in English: for whoever looks into it. */
            words: string;
            /**
             * Format: int64
             * @description In milliseconds since 1970.
             */
            at_ms: number;
            /** @description Whether it ends by itself when the cause is put right; the others end when somebody has seen them. */
            lasts: boolean;
        };
        /**
         * @description What is wrong.
         * @enum {string}
         */
        AlarmKind_AlarmKind: "hub_silent" | "clock_off" | "copies_differ" | "disk_copied" | "forbidden" | "intruder" | "blob_refused" | "backup_overdue" | "no_room" | "clock_jumped";
        /** @description Those that stand, the newest first. */
        Alarms: {
            alarms: components["schemas"]["Alarm"][];
        };
        /** @description An answer that was taken. */
        AnswerTaken: {
            id: components["schemas"]["Id"];
            allow: boolean;
            /** @description Whether it came too late to count: the guard decides then. */
            is_late: boolean;
            /** @description What to say to whoever answered. */
            text: string;
        };
        /** @description A request to join. */
        Application: {
            id: components["schemas"]["Id"];
            /** @description As they gave it. */
            name: string;
            /** @description As they gave it; may be empty. */
            phone: string;
            /** @description `ru` or `en`. */
            language: string;
            /** @description The house that they claim. */
            house: components["schemas"]["Id"];
            /** @description Its label. */
            house_label: string;
            /** @description As what. */
            kind: components["schemas"]["PlaceKind_PlaceKind"];
            /** @description What speaks for them: `code` or `photo`. */
            proof: string;
            /** @description Whether the photo is there to be looked at. */
            has_photo: boolean;
            person?: components["schemas"]["Id"] | null;
            /**
             * Format: int64
             * @description When, in milliseconds since 1970.
             */
            at_ms: number;
            decision?: components["schemas"]["Decision"] | null;
        };
        /** @description An application with what helps to decide. */
        ApplicationDetails: components["schemas"]["Application"] & {
            /** @description Who lives and works in the house today. */
            residents: components["schemas"]["PresentResident"][];
            /**
             * Format: int32
             * @description The version of the consent that they agreed to; 0 where none is known.
             */
            consent: number;
        };
        /** @description An application that was made. */
        ApplicationReceipt: {
            id: components["schemas"]["Id"];
            /** @description By which it is followed without an account. It is shown once. */
            secret: string;
        };
        Applications: {
            /** @description Those that wait first, then those that were decided; of each the newest first. */
            applications: components["schemas"]["Application"][];
            /** @description Where the next page begins; nothing on the last. */
            next?: string | null;
        };
        /** @description A ban. */
        Ban: {
            id: components["schemas"]["Id"];
            person?: components["schemas"]["Id"] | null;
            /** @description Empty, where it is a plate. */
            person_name: string;
            /** @description Folded; empty, where it is a person. */
            plate: string;
            /** @description As people write it. */
            plate_shown: string;
            reason: string;
            /**
             * Format: int64
             * @description In milliseconds since 1970; nothing: until it is lifted.
             */
            until_ms?: number | null;
            /** @description Whether its end has come. */
            is_over: boolean;
            by?: components["schemas"]["Id"] | null;
            by_name: string;
            /**
             * Format: int64
             * @description In milliseconds since 1970.
             */
            at_ms: number;
        };
        /** @description All that were not lifted, the newest first. */
        Bans: {
            bans: components["schemas"]["Ban"][];
        };
        /** @description Who wants to add one. */
        BeginPasskey: {
            /** @description The password, where there is one; who has just signed in by a link or a passkey need not know it. */
            password?: string;
        };
        /** @description What a link was sent with. */
        ByLink: {
            /** @description What stands behind `/join/` in the link. */
            token: string;
            /** @description Of the second factor, where one is needed (`second-factor` says so): six digits, or one of those on paper. */
            code?: string | null;
        };
        /** @description What the device has answered. */
        ByPasskey: {
            /** @description Which challenge it is an answer to. */
            challenge: components["schemas"]["Id"];
            /** @description `AuthenticationResponseJSON`, as `toJSON` of a `PublicKeyCredential` makes it. */
            credential: Record<string, never>;
        };
        /** @description An e-mail address and a password. */
        ByPassword: {
            /** @description However it is written. */
            email: string;
            password: string;
            /** @description Of the second factor, where one is needed (`second-factor` says so): six digits, or one of those on paper. */
            code?: string | null;
        };
        /** @description What Telegram says of whoever opens the Mini App. */
        ByTelegram: {
            /** @description `initData`, as the page was given it. */
            init_data: string;
            /** @description Of the second factor, where one is needed (`second-factor` says so): six digits, or one of those on paper. */
            code?: string | null;
        };
        /** @description How a channel did. */
        ChannelFailures: {
            channel: components["schemas"]["NotificationChannel"];
            /** Format: int32 */
            sent: number;
            /** Format: int32 */
            failed: number;
            /**
             * Format: int32
             * @description Where the channel could not say whether it took it.
             */
            unknown: number;
        };
        /** @description The closed chat of a community in a messenger. */
        Chat: {
            id: components["schemas"]["Id"];
            messenger: components["schemas"]["Messenger"];
            title: string;
            /** @description Whether the caller is in it, as far as that is known. */
            is_inside: boolean;
            state?: components["schemas"]["ChatState"] | null;
        };
        /** @description Whether somebody who asks to join is let in. */
        ChatAnswer: {
            admit: boolean;
        };
        /** @description Somebody in a messenger. */
        ChatGuest: {
            id: components["schemas"]["Id"];
            /** @description What they call themselves there, and what they are found by. */
            name: string;
        };
        /** @description A group into which the caller let the bot: it may be the chat. */
        ChatOffer: {
            id: components["schemas"]["Id"];
            title: string;
            /**
             * Format: int64
             * @description In milliseconds since 1970.
             */
            at_ms: number;
        };
        /** @description How a chat stands. */
        ChatState: {
            /**
             * Format: int64
             * @description Since when it is the community's, in milliseconds since 1970.
             */
            since_ms: number;
            /** @description Whether the bot is not in it any more. */
            is_gone: boolean;
            /** @description Whether the bot may invite, and decide on who asks to join. */
            may_invite: boolean;
            /** @description Whether it may put people out. */
            may_remove: boolean;
            /**
             * Format: int32
             * @description How many people of the community are in, as far as that is known.
             */
            let_in: number;
            /** @description Who is in, and nobody in the community: those of whom the bot knows. */
            strangers: components["schemas"]["ChatGuest"][];
            /** @description Who asks to join, and waits for an administrator. */
            requests: components["schemas"]["ChatGuest"][];
        };
        /** @description The chat, where there is one. */
        Chats: {
            chats: components["schemas"]["Chat"][];
            /** @description What the caller may make the chat. */
            offers: components["schemas"]["ChatOffer"][];
        };
        /** @description A community. */
        Community: {
            id: components["schemas"]["Id"];
            /** @description As its people call it. */
            name: string;
            /** @description IANA name: hours of passes are in it. */
            time_zone: string;
            /** @description Its first language: `ru` or `en`. */
            language: string;
            /** @description ISO 4217. */
            currency: string;
            /** @description ISO 3166-1 alpha-2: plates without a country are read as this one's. */
            country: string;
        };
        /** @description What whoever wants to join is shown. */
        CommunityCard: {
            id: components["schemas"]["Id"];
            /** @description As its people call it. */
            name: string;
            /** @description Its first language: `ru` or `en`. */
            language: string;
            consent?: components["schemas"]["CurrentConsent"] | null;
            /** @description How one may show that one belongs: `code` (of a house), `photo`. Empty where nobody can join yet. */
            joining: string[];
            /** @description The bot in Telegram with which one may do so as well, without `@`. */
            telegram?: string | null;
        };
        /** @description A community's settings. */
        CommunitySettings: {
            /** @description As its people call it. */
            name: string;
            /** @description IANA name: hours of passes are in it. */
            time_zone: string;
            /** @description Its first language: `ru` or `en`. */
            language: string;
            /** @description ISO 4217. */
            currency: string;
            /** @description ISO 3166-1 alpha-2: plates without a country are read as this one's. */
            country: string;
        };
        /** @description A consent that was given. */
        Consent: {
            id: components["schemas"]["Id"];
            /** @description To which version. */
            text: components["schemas"]["Id"];
            /**
             * Format: int32
             * @description The how manyth that is.
             */
            number: number;
            /** @description Where. */
            channel: components["schemas"]["ConsentChannel_ConsentChannel"];
            /**
             * Format: int64
             * @description Milliseconds since 1970.
             */
            at_ms: number;
            /**
             * Format: int64
             * @description When it was taken back; nothing: it stands.
             */
            withdrawn_ms?: number | null;
        };
        /**
         * @description Where somebody said it.
         * @enum {string}
         */
        ConsentChannel_ConsentChannel: "web" | "telegram" | "paper";
        ConsentEntries: {
            /** @description The newest first. */
            consents: components["schemas"]["ConsentEntry"][];
            /** @description Where the next page begins; nothing on the last. */
            next?: string | null;
        };
        /** @description A consent, as administrators see it. */
        ConsentEntry: components["schemas"]["Consent"] & {
            person?: components["schemas"]["Id"] | null;
            /** @description Their name, or the applicant's; empty where they were erased. */
            person_name: string;
            application?: components["schemas"]["Id"] | null;
            /** @description From which address it came; empty where that is not known. */
            address: string;
            by?: components["schemas"]["Id"] | null;
            /** @description From which address it was taken back. */
            withdrawn_address: string;
        };
        /** @description Agreeing on paper. */
        ConsentOnPaper: {
            /** @description Who has signed it. */
            person: components["schemas"]["Id"];
            /** @description The version; it must be the current one. */
            text: components["schemas"]["Id"];
        };
        /** @description A version of the text. */
        ConsentVersion: {
            id: components["schemas"]["Id"];
            /**
             * Format: int32
             * @description The how manyth.
             */
            number: number;
            /** @description In Russian. */
            ru: string;
            /** @description In English. */
            en: string;
            by?: components["schemas"]["Id"] | null;
            /** @description Their name. */
            by_name: string;
            /**
             * Format: int64
             * @description Milliseconds since 1970.
             */
            published_ms: number;
        };
        ConsentVersions: {
            /** @description The newest first. */
            versions: components["schemas"]["ConsentVersion"][];
        };
        /** @description It is taken back. */
        ConsentWithdrawn: {
            /**
             * Format: int64
             * @description Milliseconds since 1970.
             */
            withdrawn_ms: number;
            /** @description What follows. */
            follows: string;
        };
        /** @description The text that is agreed to today, in the caller's language. */
        CurrentConsent: {
            /** @description What an application or a consent names. */
            id: components["schemas"]["Id"];
            /**
             * Format: int32
             * @description The how manyth version.
             */
            number: number;
            text: string;
            /**
             * Format: int64
             * @description Milliseconds since 1970.
             */
            published_ms: number;
        };
        /** @description What was said to an application. */
        Decision: {
            accepted?: components["schemas"]["Id"] | null;
            /** @description Whether they have withdrawn it themselves. */
            withdrawn: boolean;
            /** @description Why it was refused. */
            reason: string;
            by?: components["schemas"]["Id"] | null;
            /** @description Their name. */
            by_name: string;
            /**
             * Format: int64
             * @description When, in milliseconds since 1970.
             */
            at_ms: number;
        };
        /** @description Something that somebody in office did or looked at. */
        Deed: {
            id: components["schemas"]["Id"];
            /** @description Who. */
            by: components["schemas"]["Id"];
            /** @description Their name; empty where they were erased. */
            by_name: string;
            /** @description What, as this description names the operation. */
            action: string;
            /** @description The same in words. */
            text: string;
            /** @description They only looked. */
            looked: boolean;
            person?: components["schemas"]["Id"] | null;
            /** @description Their name; empty for nobody. */
            person_name: string;
            house?: components["schemas"]["Id"] | null;
            /** @description Its label; empty for none. */
            house_label: string;
            record?: components["schemas"]["Id"] | null;
            /** @description It concerns everybody. */
            everybody: boolean;
            /**
             * Format: int64
             * @description When, in milliseconds since 1970; looks at the same within an hour are one.
             */
            at_ms: number;
        };
        /** @description Some of the deeds, the newest first. */
        Deeds: {
            deeds: components["schemas"]["Deed"][];
            /** @description Where the next page begins; nothing on the last. */
            next?: string | null;
        };
        /** @description Who wants to end an account. */
        DeleteAccount: {
            /** @description The password, where there is one; who has just signed in by a link or a passkey need not know it. */
            password?: string;
        };
        /** @description What became of it on one channel. */
        Delivery: {
            channel: components["schemas"]["NotificationChannel"];
            stage: components["schemas"]["DeliveryStage"];
            /**
             * Format: int32
             * @description How often the channel was asked.
             */
            tries: number;
            /** @description What the channel said, in its own words; empty where it took it. */
            why: string;
            /**
             * Format: int64
             * @description When it came to that, in milliseconds since 1970.
             */
            at_ms: number;
        };
        /**
         * @description Where a delivery stands.
         * @enum {string}
         */
        DeliveryStage: "queued" | "sending" | "sent" | "failed" | "unknown";
        /**
         * @description Which way a lane leads.
         * @enum {string}
         */
        Direction: "entry" | "exit";
        /** @description What of an account is to be changed: what is left out stays. */
        Edit: {
            /** @description `ru` or `en`. */
            language?: string | null;
        };
        /**
         * @description What an entry tells.
         * @enum {string}
         */
        EntryKind_EntryKind: "decided" | "closing" | "commanded" | "failed" | "interrupted" | "abandoned" | "seen_open" | "seen_closed" | "jammed" | "obstructed" | "passed" | "tailgated" | "nobody_passed" | "hold_began" | "hold_ended" | "fire_began" | "fire_ended" | "driver_lost" | "driver_back" | "refused_by_guard" | "visitor" | "asked" | "answered" | "shift_began" | "shift_ended" | "started";
        /**
         * @description Erase everything about somebody. Places and roles end with it, and what stands under them: an owner's family, too.
         *     There is no way back.
         */
        Erase: {
            /** @description The word «стереть», or `erase`. */
            confirmation?: string;
            /** @description My password, where I have one; who has just signed in by a link or a passkey need not know it. */
            password?: string;
        };
        /** @description Somebody who is to be erased. */
        Erasure: {
            person: components["schemas"]["Id"];
            by?: components["schemas"]["Id"] | null;
            /**
             * Format: int64
             * @description When, in milliseconds since 1970.
             */
            at_ms: number;
            /**
             * Format: int64
             * @description When all was erased that was there; 0: it goes on.
             */
            done_ms: number;
            /**
             * Format: int64
             * @description How many records were erased by now.
             */
            records: number;
        };
        Erasures: {
            erasures: components["schemas"]["Erasure"][];
        };
        /** @description All that is known of a person. */
        Export: {
            /**
             * Format: int64
             * @description When, in milliseconds since 1970.
             */
            at_ms: number;
            community: string;
            person: components["schemas"]["Id"];
            name: string;
            phone: string;
            language: string;
            /** @description Of the account that asks; empty where it has none. */
            email: string;
            /**
             * Format: int64
             * @description Of the account that asks.
             */
            account_made_ms: number;
            places: components["schemas"]["ExportedGrant"][];
            roles: components["schemas"]["ExportedGrant"][];
            applications: components["schemas"]["ExportedApplication"][];
            vehicles: components["schemas"]["ExportedVehicle"][];
            cards: components["schemas"]["ExportedCard"][];
            passes: components["schemas"]["ExportedPass"][];
            /** @description Of me, my cars and my visitors; the newest ten thousand. */
            journal: components["schemas"]["Line"][];
            /** @description Questions that I answered. */
            answers: components["schemas"]["ExportedAnswer"][];
            bans: components["schemas"]["ExportedBan"][];
            consents: components["schemas"]["ExportedConsent"][];
            /** @description What I was told; the newest ten thousand. */
            notifications: components["schemas"]["Notification"][];
            /** @description What those in office did about me, and what I did in office. */
            deeds: components["schemas"]["Deed"][];
        };
        ExportedAnswer: {
            question: components["schemas"]["Id"];
            house: string;
            /** @description Whom it was about; may be empty. */
            name: string;
            plate: string;
            /** Format: int64 */
            asked_ms: number;
            allow: boolean;
            /** Format: int64 */
            answered_ms: number;
        };
        ExportedApplication: {
            id: components["schemas"]["Id"];
            name: string;
            phone: string;
            house: string;
            /** Format: int64 */
            at_ms: number;
        };
        ExportedBan: {
            id: components["schemas"]["Id"];
            reason: string;
            /** Format: int64 */
            made_ms: number;
            /** Format: int64 */
            until_ms?: number | null;
        };
        ExportedCard: {
            id: components["schemas"]["Id"];
            number: string;
            title: string;
            house: string;
            /** Format: int64 */
            made_ms: number;
        };
        ExportedConsent: {
            id: components["schemas"]["Id"];
            /** @description To which version of the text. */
            text: components["schemas"]["Id"];
            channel: components["schemas"]["ConsentChannel_ConsentChannel"];
            /** Format: int64 */
            given_ms: number;
            /** Format: int64 */
            withdrawn_ms?: number | null;
        };
        /** @description A place or a role. */
        ExportedGrant: {
            id: components["schemas"]["Id"];
            /** @description `owner`, `family`, `tenant`, `staff`, `guard` or `administrator`; in words. */
            text: string;
            /** @description The label of the house; empty for a role. */
            house: string;
            /**
             * Format: int64
             * @description When it was given, in milliseconds since 1970.
             */
            made_ms: number;
            /**
             * Format: int64
             * @description When it ended, in milliseconds since 1970.
             */
            ended_ms?: number | null;
            /** @description Why it ended; may be empty. */
            reason: string;
        };
        ExportedPass: {
            id: components["schemas"]["Id"];
            kind: components["schemas"]["PassKind_PassKind"];
            house: string;
            plate: string;
            name: string;
            note: string;
            /** Format: int64 */
            made_ms: number;
            /** Format: int64 */
            from_ms: number;
            /** Format: int64 */
            until_ms: number;
        };
        ExportedVehicle: {
            id: components["schemas"]["Id"];
            plate: string;
            title: string;
            house: string;
            /** Format: int64 */
            made_ms: number;
        };
        /** @description What did not reach people in the last 30 days. */
        Failures: {
            channels: components["schemas"]["ChannelFailures"][];
            /**
             * Format: int32
             * @description Messages to people who have no channel.
             */
            unreachable: number;
            /**
             * Format: int32
             * @description Messages that were too late to be of use.
             */
            stale: number;
            /** @description Whether there were more messages than are counted: the latest 10,000. */
            more: boolean;
        };
        /** @description Communities by a name. */
        FoundCommunities: {
            communities: components["schemas"]["FoundCommunity"][];
        };
        /** @description A community by its name. */
        FoundCommunity: {
            id: components["schemas"]["Id"];
            /** @description As the operator calls it. */
            name: string;
        };
        /** @description A gate. */
        Gate: {
            id: components["schemas"]["Id"];
            /** @description As people call it. */
            name: string;
            kind: components["schemas"]["GateKind_GateKind"];
            kind_text: string;
            lanes: components["schemas"]["GateLane"][];
            /** @description Whose. */
            hub: components["schemas"]["Id"];
            /** @description Whether its hub is connected: where it is not, it cannot be opened from here. */
            is_here: boolean;
            seen?: components["schemas"]["GateSeen"] | null;
        };
        /**
         * @description What a gate is.
         * @enum {string}
         */
        GateKind_GateKind: "barrier" | "wicket";
        /** @description A lane of a gate. */
        GateLane: {
            /** @description By which it is asked for. */
            key: string;
            direction: components["schemas"]["Direction"];
            direction_text: string;
        };
        /** @description What was last seen of a gate. */
        GateSeen: {
            kind: components["schemas"]["EntryKind_EntryKind"];
            text: string;
            /**
             * Format: int64
             * @description In milliseconds since 1970.
             */
            at_ms: number;
        };
        Gates: {
            gates: components["schemas"]["Gate"][];
        };
        /** @description A place or a role. */
        Held: {
            /** @description The grant. */
            id: components["schemas"]["Id"];
            /** @description `owner`, `family`, `tenant`, `staff`, `guard` or `administrator`. */
            capacity: string;
            house?: components["schemas"]["Id"] | null;
            /** @description What they may do by it, as `x-who` calls it. */
            may: string[];
        };
        /** @description A house. */
        House: {
            id: components["schemas"]["Id"];
            /** @description What stands on its gate. */
            label: string;
            /** @description For guards; empty to those who only live there. */
            note: string;
        };
        /** @description A code by which the people of a house join. It is shown once. */
        HouseCode: {
            code: string;
        };
        /** @description What a house wants kept of its visitors. */
        HouseVisitorLog: {
            /** @description `keep`; `owners_only`: only its owners see who came; `nothing`: nobody sees it, and it is erased within hours. */
            visitor_log: components["schemas"]["VisitorLog"];
        };
        Household: {
            /** @description Owners first. */
            people: components["schemas"]["Inhabitant"][];
        };
        /** @description Some of the houses, in the order of their labels, as people count: 1, 2, 10, 12А. */
        Houses: {
            houses: components["schemas"]["House"][];
            /** @description Where the next page begins; nothing on the last. */
            next?: string | null;
        };
        /** @description How I am told. */
        HowIAmTold: {
            /** @description As I set it. */
            settings: components["schemas"]["NotificationSettings"];
            /** @description Whether letters reach me: they are sent here, and my address is proved. */
            has_email: boolean;
            /** @description Whether messages in Telegram reach me: there is a bot here, I am connected to it, and I do not keep it out. */
            has_telegram: boolean;
            /** @description The browsers in which I asked to be told. */
            browsers: components["schemas"]["PushBrowser"][];
        };
        /** @description A device that is, or was, a hub. */
        Hub: {
            id: components["schemas"]["Id"];
            /** @description What people call it. */
            label: string;
            /** @description Of its key: people compare it on both sides. */
            fingerprint: string;
            /**
             * Format: int64
             * @description In milliseconds since 1970.
             */
            enrolled_ms: number;
            /**
             * Format: int64
             * @description In milliseconds since 1970; nothing: it is one.
             */
            revoked_ms?: number | null;
            /**
             * Format: int64
             * @description When it was last connected, in milliseconds since 1970; nothing: never, or it is now.
             */
            seen_ms?: number | null;
            connection?: components["schemas"]["HubConnection"] | null;
        };
        /** @description A code that is typed at the gatehouse. It is shown once, and ends the one before. */
        HubCode: {
            code: string;
            /**
             * Format: int64
             * @description Until when it is good, in milliseconds since 1970.
             */
            until_ms: number;
        };
        /** @description How a hub is that is connected. */
        HubConnection: {
            /**
             * Format: int64
             * @description In milliseconds since 1970.
             */
            since_ms: number;
            /** @description Its program and version. */
            software: string;
            /**
             * Format: int64
             * @description By how much its clock is ahead, in milliseconds; nothing where it has not said yet.
             */
            clock_ahead_ms?: number | null;
            /** @description Whether anything vouches for its clock. */
            is_clock_trusted?: boolean | null;
            /** @description Whether it has all that the cloud has, on its disk. */
            is_in_step: boolean;
        };
        Hubs: {
            hubs: components["schemas"]["Hub"][];
        };
        /** @description A ULID */
        Id: string;
        /**
         * @description What a column holds.
         * @enum {string}
         */
        ImportColumn: "house" | "name" | "phone" | "kind" | "note" | "plate" | "title" | "line";
        /**
         * @description Something that a row makes.
         * @enum {string}
         */
        ImportMakes: "house" | "person" | "place" | "vehicle";
        /** @description What would come of a table. */
        ImportPreview: {
            id: components["schemas"]["Id"];
            /**
             * Format: int64
             * @description Until then it can be entered, in milliseconds since 1970.
             */
            until_ms: number;
            columns: components["schemas"]["ImportPreviewColumn"][];
            rows: components["schemas"]["ImportPreviewRow"][];
            /** @description Rows of which nothing is made, because something is wrong with them. */
            wrong: number;
            houses: number;
            people: number;
            places: number;
            vehicles: number;
        };
        /** @description A column of the table. */
        ImportPreviewColumn: {
            title: string;
            column?: components["schemas"]["ImportColumn"] | null;
        };
        /** @description A row of the table, as it was read. */
        ImportPreviewRow: {
            /**
             * Format: int32
             * @description Where it stands in the table, from 1.
             */
            line: number;
            house: string;
            name: string;
            phone: string;
            kind: components["schemas"]["PlaceKind"];
            plate: string;
            problems: components["schemas"]["ImportProblem"][];
            /** @description What it would make; nothing where all is known, or something is wrong. */
            makes: components["schemas"]["ImportMakes"][];
        };
        /** @description What is wrong with a row. */
        ImportProblem: {
            field: string;
            /** @description As a key of the texts. */
            why: string;
            /** @description For the person, in their language. */
            text: string;
            /** @description What stands in the table, or how that begins; empty where nothing does, or the row is wrong as a whole. */
            typed: string;
        };
        /** @description What has come of a table. */
        ImportReport: {
            rows: components["schemas"]["ImportReportRow"][];
            wrong: number;
            houses: number;
            people: number;
            places: number;
            vehicles: number;
        };
        /** @description What has come of a row. */
        ImportReportRow: {
            /**
             * Format: int32
             * @description Where it stands in the table, from 1.
             */
            line: number;
            /** @description What was made now; what was there already is not made again. */
            made: components["schemas"]["ImportMakes"][];
            /** @description Why no more was made. */
            problems: components["schemas"]["ImportProblem"][];
        };
        /** @description Somebody of a house. */
        Inhabitant: components["schemas"]["Held"] & {
            /** @description Who. */
            person: components["schemas"]["Id"];
            /** @description Their name. */
            name: string;
            /** @description E.164; empty where there is none, or whoever asks does not keep the household. */
            phone: string;
            by?: components["schemas"]["Id"] | null;
            /** @description Their name. */
            by_name: string;
            /** @description Whether an administrator gave it: nobody of the house takes it away. */
            by_administrator: boolean;
            /**
             * Format: int64
             * @description Since when, in milliseconds since 1970.
             */
            since_ms: number;
            /** @description Whether whoever asks may take the place away. */
            may_remove: boolean;
        };
        /** @description Somebody has a place. */
        InvitedPerson: {
            /** @description The place: a grant. */
            id: components["schemas"]["Id"];
            /** @description Who. */
            person: components["schemas"]["Id"];
            link?: components["schemas"]["SignInLink"] | null;
        };
        /** @description Some entries, the newest first. A page may have fewer than were asked for and still not be the last. */
        Journal: {
            entries: components["schemas"]["Line"][];
            /** @description Where the next page begins; nothing on the last. */
            next?: string | null;
        };
        /**
         * @description Letters to be made. Codes are kept nowhere, so that a letter always has a new one: **the code that a house has had ends**,
         *     and with it every earlier letter.
         */
        Letters: {
            /** @description Say `true`: that the codes which the houses have now may end. */
            ends_codes?: boolean;
            house?: components["schemas"]["Id"] | null;
            /** @description `ru` or `en`; left out: the community's. */
            language?: string | null;
        };
        /** @description An entry of the journal, as a screen shows it. What proves it is left out: it tells people nothing. */
        Line: {
            /** @description The record. */
            id: components["schemas"]["Id"];
            /**
             * Format: int64
             * @description Its number in its hub's journal.
             */
            number: number;
            /**
             * Format: int64
             * @description When, in milliseconds since 1970.
             */
            at_ms: number;
            /** @description Whether the clock was trusted. */
            trusted: boolean;
            /** @description What it tells. */
            kind: components["schemas"]["EntryKind_EntryKind"];
            about?: components["schemas"]["Id"] | null;
            gate?: components["schemas"]["Id"] | null;
            /** @description The gate's name; empty for none. */
            gate_name: string;
            /** @description The lane's key; empty where none is meant. */
            lane: string;
            direction?: components["schemas"]["Direction"] | null;
            verdict?: components["schemas"]["Verdict_Verdict"] | null;
            reason?: components["schemas"]["Reason_Reason"] | null;
            /** @description Folded plate; empty for none. */
            plate: string;
            /** @description The plate as people write it. */
            plate_shown: string;
            /** @description The visitor's name; empty for none. */
            name: string;
            house?: components["schemas"]["Id"] | null;
            /** @description Its label; empty for none. */
            house_label: string;
            person?: components["schemas"]["Id"] | null;
            grant?: components["schemas"]["Id"] | null;
            /** @description The guard on whose word it happened; empty for none. */
            guard: string;
            /** @description The picture's blob hash; empty for none. */
            crop: string;
            /** @description Words of the guard, or of the program for the guard. */
            note: string;
            /** @description What happened, in words. */
            text: string;
        };
        /** @description A link to sign in first. */
        LinkAnew: {
            /** @description Also where somebody has signed in as them: for whoever has lost what they signed in with, or was deprived of it. */
            anew?: boolean;
        };
        /** @description Somebody who would be nobody any more. */
        LosingPerson: {
            person: components["schemas"]["Id"];
            name: string;
        };
        /** @description What I have read. */
        MarkRead: {
            /** @description 100 at most. */
            ids: components["schemas"]["Id"][];
        };
        /**
         * @description A messenger.
         * @enum {string}
         */
        Messenger: "telegram";
        /** @description A link to the bot. */
        MessengerLink: {
            /** @description Whoever opens it and begins is the account there from then on. It works once; the one before ends. */
            link: string;
            /**
             * Format: int64
             * @description Milliseconds since 1970.
             */
            until_ms: number;
        };
        /**
         * @description A messenger.
         * @enum {string}
         */
        Messenger_Messenger: "telegram";
        /** @description What became of an application, for whoever made it. */
        MyApplication: {
            id: components["schemas"]["Id"];
            /** @description `waiting`, `accepted`, `refused` or `withdrawn`. */
            state: string;
            /** @description What that means, and what to do. */
            text: string;
            /** @description Why, where it was refused. */
            reason: string;
            /** @description As what they asked; once they are accepted: as what they were. */
            kind: components["schemas"]["PlaceKind_PlaceKind"];
            /** @description The label of the house that they asked for; once they are accepted: of the one that they have a place in. */
            house_label: string;
            /**
             * Format: int64
             * @description When they asked, in milliseconds since 1970.
             */
            at_ms: number;
            /**
             * Format: int64
             * @description When it was decided.
             */
            decided_ms?: number | null;
            /** @description Whether a link to sign in first can be asked for. */
            may_sign_in: boolean;
        };
        MyApplications: {
            /** @description The latest first. */
            applications: components["schemas"]["MyApplication"][];
        };
        /** @description What I agreed to. */
        MyConsents: {
            /** @description The oldest first. */
            consents: components["schemas"]["Consent"][];
            current?: components["schemas"]["CurrentConsent"] | null;
            /** @description Whether I am asked to agree to it: I have not, or have taken it back. */
            asked: boolean;
            /** @description What follows where I take it back. */
            if_withdrawn: string;
        };
        /** @description Somebody in a messenger. */
        MyMessenger: {
            messenger: components["schemas"]["Messenger_Messenger"];
            /** @description What they call themselves there. */
            name: string;
            /** @description What others find them by there, without `@`; may be empty. */
            handle: string;
            /**
             * Format: int64
             * @description Since when, in milliseconds since 1970.
             */
            since_ms: number;
            /** @description Whether they have stopped the bot there: it cannot write to them. */
            blocked: boolean;
        };
        /** @description Somebody whom an account is. */
        MyPerson: {
            community: components["schemas"]["Id"];
            community_name: string;
            person: components["schemas"]["Id"];
            name: string;
            /** @description What they are there; nothing where they are nobody any more. */
            held: components["schemas"]["Held"][];
        };
        /** @description A house that there is. */
        NamedHouse: {
            /** @description As it stands on its gate. */
            label: string;
        };
        /** @description A wish to join. */
        NewApplication: {
            /** @description As they want to be called. Whoever is of the community already is known by what is written there. */
            name?: string;
            /** @description For the administrator to call; may be empty. */
            phone?: string;
            /** @description `ru` or `en`. */
            language: string;
            /** @description As what. */
            kind: components["schemas"]["PlaceKind"];
            /** @description The version of the consent that they agree to; it must be the current one. */
            consent: components["schemas"]["Id"];
            /** @description The code of the house. */
            code?: string | null;
            /** @description Without a code: the `token` of a photo. */
            photo?: string | null;
            /** @description Without a code: what stands on the gate of the house. */
            house?: string;
        };
        /** @description Who or what is not to be let in: a person or a plate. */
        NewBan: {
            person?: components["schemas"]["Id"] | null;
            /** @description As typed, or as it was read. */
            plate?: string | null;
            reason: string;
            /**
             * Format: int64
             * @description In milliseconds since 1970; nothing: until it is lifted.
             */
            until_ms?: number | null;
        };
        /** @description Which group is to be the chat. */
        NewChat: {
            offer: components["schemas"]["Id"];
        };
        /** @description The next version of the text. */
        NewConsentVersion: {
            /**
             * Format: int32
             * @description The number of the version in whose place it comes; 0 for the first. Another one by now: it is not published.
             */
            after: number;
            /** @description In Russian; lines may be several. */
            ru: string;
            /** @description In English. */
            en: string;
        };
        /** @description A house to be. */
        NewHouse: {
            /** @description What stands on its gate; unique. */
            label: string;
            /** @description For guards. */
            note?: string;
        };
        /** @description A hub to be. */
        NewHub: {
            /** @description What it is to be called. */
            label: string;
            /** @description It takes the place of the one that is called so, which is revoked when it comes. */
            replaces?: boolean;
        };
        /** @description Somebody who is to have a place in one's house: `person`, or somebody new. */
        NewInhabitant: {
            /** @description `family`, `tenant` or `staff`. */
            kind: components["schemas"]["PlaceKind"];
            person?: components["schemas"]["Id"] | null;
            /** @description Of somebody new: the name. */
            name?: string;
            /** @description Of somebody new: may be empty. */
            phone?: string;
            /** @description Of somebody new: `ru` or `en`; left out: that of the request. */
            language?: string | null;
        };
        /** @description Who wants to be known in a messenger. */
        NewMessengerLink: {
            /** @description The password, where there is one; who has just signed in by a link or a passkey need not know it. */
            password?: string;
        };
        /** @description A pass that somebody wants. */
        NewPass: {
            kind: components["schemas"]["PassKind"];
            /** @description As typed, in either alphabet; may be empty where there is a name or a code. */
            plate?: string;
            name?: string;
            /** @description For the guard. */
            note?: string;
            /** @description Whether the visitor gets a code. */
            code?: boolean;
            /**
             * Format: date
             * @description A whole day of the community, for a guest or an event, in the place of a beginning and an end.
             */
            day?: string | null;
            /**
             * Format: int64
             * @description In milliseconds since 1970; from now on, where nothing is said.
             */
            from_ms?: number | null;
            /**
             * Format: int64
             * @description In milliseconds since 1970.
             */
            until_ms?: number | null;
            /**
             * Format: int32
             * @description For how long, in the place of an end; a taxi has an hour and a courier two, where nothing is said.
             */
            minutes?: number | null;
            weekly?: components["schemas"]["Weekly"] | null;
            /**
             * Format: int32
             * @description How many an event has.
             */
            entries?: number | null;
            decider?: components["schemas"]["Id"] | null;
        };
        /** @description What the device has answered. */
        NewPasskey: {
            /** @description What its owner calls it. */
            name: string;
            /** @description `RegistrationResponseJSON`, as `toJSON` of a `PublicKeyCredential` makes it. */
            credential: Record<string, never>;
        };
        /** @description A person to be, or as they are from now on. */
        NewPerson: {
            /** @description As they want to be called. */
            name: string;
            /** @description As people write it; may be empty. */
            phone?: string;
            /** @description `ru` or `en`. */
            language: string;
        };
        /** @description A place that an administrator gives. */
        NewPlace: {
            /** @description To whom. */
            person: components["schemas"]["Id"];
            /** @description As what. */
            kind: components["schemas"]["PlaceKind"];
        };
        /** @description A role to be given. */
        NewRole: {
            /** @description To whom. */
            person: components["schemas"]["Id"];
            /** @description `guard` or `administrator`. */
            role: components["schemas"]["Role"];
        };
        /** @description A subscription, as browsers give it (`PushSubscription.toJSON()`). */
        NewSubscription: {
            endpoint: string;
            /**
             * Format: double
             * @description What browsers put here is not used.
             */
            expirationTime?: number | null;
            keys: components["schemas"]["SubscriptionKeys"];
        };
        /** @description A car to be let in. */
        NewVehicle: {
            /** @description In either alphabet, with spaces or without. */
            plate: string;
            title?: string;
        };
        /** @description Something that I was told, or will be. */
        Notification: {
            id: components["schemas"]["Id"];
            /** @description What it is about. */
            kind: components["schemas"]["NotificationKind"];
            /** @description What it is about, in my language. */
            title: string;
            /** @description What happened, in my language. */
            text: string;
            /** @description Where in the web app there is more: a path below the community's; empty for nowhere. */
            link: string;
            /** @description Whether it is told in quiet hours, too. */
            urgent: boolean;
            /**
             * Format: int64
             * @description Milliseconds since 1970.
             */
            made_ms: number;
            state: components["schemas"]["NotificationState"];
            /** @description What was tried, in order. */
            deliveries: components["schemas"]["Delivery"][];
            /** @description Whether I have marked it as read. */
            read: boolean;
        };
        /**
         * @description A way to tell people.
         * @enum {string}
         */
        NotificationChannel: "push" | "email" | "telegram";
        /**
         * @description What a message is about, for those who want to hear of some things and not of others.
         * @enum {string}
         */
        NotificationKind: "question" | "arrival" | "application" | "right" | "alarm";
        /** @description How I want to be told. */
        NotificationSettings: {
            /** @description The channels that are used; where the first cannot take it, the next one is asked. */
            channels: components["schemas"]["NotificationChannel"][];
            /** @description What I do not want to hear of. */
            off: components["schemas"]["NotificationKind"][];
            quiet?: components["schemas"]["QuietHours"] | null;
        };
        /**
         * @description Where a message stands.
         * @enum {string}
         */
        NotificationState: "waiting" | "sending" | "told" | "failed" | "unknown" | "unreachable" | "stale" | "over";
        /** @description The latest first. */
        Notifications: {
            notifications: components["schemas"]["Notification"][];
            /** @description Where the next page begins; nothing on the last. */
            next?: string | null;
        };
        /** @description Who asks for one. */
        OfferSecondFactor: {
            /** @description The password, where there is one; who has just signed in by a link or a passkey need not know it. */
            password?: string;
        };
        /** @description What an application that makes codes needs. It is shown once. */
        OfferedSecondFactor: {
            /** @description In base 32, for typing. */
            secret: string;
            /** @description The same as `otpauth://…`, for a QR code. */
            url: string;
        };
        /** @description An opening, and what became of it. */
        Opening: components["schemas"]["OpeningState"] & {
            id: components["schemas"]["Id"];
            gate: components["schemas"]["Id"];
            /** @description The lane's key; empty where the gate has none. */
            lane: string;
            /**
             * Format: int64
             * @description When it was asked for, in milliseconds since 1970.
             */
            at_ms: number;
            /** @description The same in words. */
            text: string;
            /** @description Whether nothing follows. */
            is_over: boolean;
        };
        /** @description How far an opening is. */
        OpeningState: {
            /** @enum {string} */
            state: "sent";
        } | {
            /** @description Why, as its rules call it (`no_right`, `banned`), or `too_late`, or `busy`. */
            why: string;
            /** @enum {string} */
            state: "refused";
        } | {
            /** @enum {string} */
            state: "decided";
        } | {
            /** @enum {string} */
            state: "failed";
        } | {
            /** @enum {string} */
            state: "opened";
        } | {
            /** @enum {string} */
            state: "not_seen";
        } | {
            /** @enum {string} */
            state: "unknown";
        };
        /** @description A pass. */
        Pass: {
            id: components["schemas"]["Id"];
            kind: components["schemas"]["PassKind_PassKind"];
            kind_text: string;
            house: components["schemas"]["Id"];
            house_label: string;
            /** @description Folded: what plates are compared by; empty where it is not known. */
            plate: string;
            /** @description As people write it. */
            plate_shown: string;
            /** @description The visitor's; may be empty. */
            name: string;
            /** @description What the visitor shows or says; empty for none. */
            code: string;
            /** @description For the guard. */
            note: string;
            validity: components["schemas"]["Validity"];
            /** @description When it holds, in words. */
            window_text: string;
            /**
             * Format: int32
             * @description How many entries; nothing: as many as fall into its time.
             */
            entries?: number | null;
            /**
             * Format: int32
             * @description How many of them were used.
             */
            used: number;
            standing: components["schemas"]["PassStanding"];
            standing_text: string;
            /**
             * Format: int64
             * @description From when on it holds next, in milliseconds since 1970; nothing where it holds now, or has ended.
             */
            next_ms?: number | null;
            /** @description Who issued it: somebody of the house, or the guard whom they have called. */
            issued_by: string;
            /** @description Whether the guard did. */
            is_by_guard: boolean;
            /** Format: int64 */
            issued_ms: number;
            /** @description Whether there is a link to it. */
            is_shared: boolean;
        };
        /** @description A pass, and what became of it. */
        PassHistory: {
            pass: components["schemas"]["Pass"];
            /** @description The entries of the journal that rest on it, the newest first. */
            history: components["schemas"]["Line"][];
        };
        /**
         * @description What a pass is for: its texts and its defaults differ, its rules do not.
         * @enum {string}
         */
        PassKind: "guest" | "taxi" | "courier" | "recurring" | "event";
        /**
         * @description What a pass is for: its texts and its defaults differ, its rules do not.
         * @enum {string}
         */
        PassKind_PassKind: "guest" | "taxi" | "courier" | "recurring" | "event";
        /** @description A link to a pass. It is shown once. */
        PassLink: {
            /** @description What stands behind `/visits/` in the link. */
            token: string;
        };
        /**
         * @description How a pass stands, in one word for screens.
         * @enum {string}
         */
        PassStanding: "holds" | "not_yet" | "outside_hours" | "used_up" | "over" | "revoked" | "orphaned";
        /** @description Some of the passes. */
        Passes: {
            passes: components["schemas"]["Pass"][];
            /** @description Where the next page begins; nothing on the last. */
            next?: string | null;
        };
        /** @description A passkey. */
        Passkey: {
            id: components["schemas"]["Id"];
            /** @description What its owner calls it. */
            name: string;
            /**
             * Format: int64
             * @description Milliseconds since 1970.
             */
            made_ms: number;
            /**
             * Format: int64
             * @description When it was used last; 0: never.
             */
            used_ms: number;
            /**
             * Format: int64
             * @description When it was refused last because its counter had not gone on: there may be a copy of it. 0: never.
             */
            suspect_ms: number;
        };
        /** @description What the device is to be asked. */
        PasskeyOptions: {
            /** @description `PublicKeyCredentialCreationOptionsJSON`, for `PublicKeyCredential.parseCreationOptionsFromJSON`. */
            options: Record<string, never>;
        };
        Passkeys: {
            passkeys: components["schemas"]["Passkey"][];
        };
        People: {
            people: components["schemas"]["PersonDetails"][];
            /** @description Where the next page begins; nothing on the last. */
            next?: string | null;
        };
        /** @description Somebody of the community. */
        Person: {
            id: components["schemas"]["Id"];
            /** @description As they want to be called. */
            name: string;
            /** @description E.164; may be empty. */
            phone: string;
            /** @description `ru` or `en`. */
            language: string;
        };
        /** @description Somebody with what they are. */
        PersonDetails: components["schemas"]["Person"] & {
            /** @description Places and roles; nothing: they are nobody there any more, or are banned. */
            held: components["schemas"]["Standing"][];
            /** @description How many cars they have. */
            vehicles: number;
        };
        /**
         * Format: binary
         * @description A photo, as it is sent.
         */
        PhotoBytes: string;
        /** @description A place in a house. */
        Place: {
            id: components["schemas"]["Id"];
            person: components["schemas"]["Id"];
            house: components["schemas"]["Id"];
            kind: components["schemas"]["PlaceKind_PlaceKind"];
        };
        /**
         * @description What a person is in a house.
         * @enum {string}
         */
        PlaceKind: "owner" | "family" | "tenant" | "staff";
        /**
         * @description What a person is in a house.
         * @enum {string}
         */
        PlaceKind_PlaceKind: "owner" | "family" | "tenant" | "staff";
        /** @description Somebody of the house that is claimed. */
        PresentResident: {
            person: components["schemas"]["Id"];
            name: string;
            phone: string;
            kind: string;
        };
        /** @description Which lane. */
        Press: {
            /** @description The lane's key; the first lane, where none is named. */
            lane?: string | null;
        };
        /** @description Problem details (RFC 9457). */
        Problem: {
            /** @description Always `about:blank`: `code` tells kinds apart. */
            type: string;
            /** @description The status in words. */
            title: string;
            /** Format: int32 */
            status: number;
            /** @description What is wrong, for the person, in their language. */
            detail: string;
            /** @description What is wrong, for a program; never changes its meaning. */
            code: string;
            /** @description The field of the request that makes no sense. */
            field?: string | null;
            /** @description What is wrong with it, as a key of the texts. */
            why?: string | null;
            /**
             * Format: int64
             * @description When it is worth another try.
             */
            retry_after_s?: number | null;
        };
        /** @description What a link was sent with. */
        ProveEmail: {
            /** @description What stands behind `/prove/` in the link. */
            token: string;
        };
        /** @description A browser that is told. */
        PushBrowser: {
            id: components["schemas"]["Id"];
            /** @description What it says it is. */
            agent: string;
            /**
             * Format: int64
             * @description Since when, in milliseconds since 1970.
             */
            made_ms: number;
        };
        /** @description The key for `applicationServerKey`. */
        PushKey: {
            key: string;
        };
        /** @description A guard's question to a house. */
        Question: {
            id: components["schemas"]["Id"];
            house: components["schemas"]["Id"];
            house_label: string;
            /** @description At which gate somebody waits. */
            gate: components["schemas"]["Id"];
            gate_name: string;
            /** @description Folded; may be empty. */
            plate: string;
            /** @description As people write it. */
            plate_shown: string;
            /** @description The visitor's name or trade; may be empty. */
            name: string;
            /** @description What is asked, in words. */
            text: string;
            about?: components["schemas"]["Id"] | null;
            /**
             * Format: int64
             * @description In milliseconds since 1970.
             */
            asked_ms: number;
            /**
             * Format: int64
             * @description Until when an answer counts, in milliseconds since 1970.
             */
            until_ms: number;
            /** @description Whether it has come to the caller, who is to answer it; the others of the house are told one after another. */
            asks_me: boolean;
            state: components["schemas"]["QuestionState"];
            /** @description What the house has answered. */
            allow?: boolean | null;
            /** @description Who has answered; empty for nobody. */
            answered_by: string;
            /** @description Whether the answer came too late to count. */
            is_late: boolean;
        };
        /**
         * @description Where a question stands.
         * @enum {string}
         */
        QuestionState: "open" | "answered" | "unanswered";
        Questions: {
            questions: components["schemas"]["Question"][];
        };
        /** @description Hours of the day, in the community's time zone. */
        QuietHours: {
            /**
             * Format: int32
             * @description Minutes after midnight at which they begin.
             */
            from_minute: number;
            /**
             * Format: int32
             * @description Minutes after midnight at which they end; below `from_minute`, on the next morning.
             */
            until_minute: number;
        };
        /**
         * @description Why. Its text in both languages has the key `reason-` and this name in kebab case.
         * @enum {string}
         */
        Reason_Reason: "vehicle" | "pass" | "card" | "button" | "guard" | "allowed" | "free_exit" | "leaving" | "unknown" | "weak_reading" | "time_not_trusted" | "newer_rules" | "decided_elsewhere" | "inside" | "banned_leaving" | "not_judged" | "banned" | "revoked" | "not_yet" | "expired" | "outside_hours" | "used_up" | "no_right" | "denied";
        /** @description Codes for when the application is lost, each good once. They are shown once. */
        RecoveryCodes: {
            codes: string[];
        };
        /** @description Refusing. */
        RefuseApplication: {
            /** @description What the applicant is told. */
            reason: string;
        };
        /** @description Who wants to remove one. */
        RemovePasskey: {
            /** @description The password, where there is one; who has just signed in by a link or a passkey need not know it. */
            password?: string;
        };
        /** @description What a passkey is to be called. */
        RenamePasskey: {
            name: string;
        };
        /** @description Another password by a link. */
        ResetPassword: {
            /** @description What stands behind `/reset/` in the link. */
            token: string;
            /** @description 8 to 200 characters. */
            password: string;
        };
        /** @description How many days what is kept. */
        Retention: {
            /** @description As they are to be. */
            days: components["schemas"]["RetentionDays"];
            /**
             * Format: int64
             * @description From when on what is shorter than before counts, in milliseconds since 1970; nothing where all of it does.
             */
            shortens_ms?: number | null;
        };
        /** @description How many days what is to be kept; all of it. */
        RetentionDays: {
            /**
             * Format: int32
             * @description Pictures of the gates: 1 to 90, and no longer than the journal.
             */
            pictures_days: number;
            /**
             * Format: int32
             * @description The journal, with the passes that it tells of: 30 to 1095.
             */
            journal_days: number;
            /**
             * Format: int32
             * @description Requests to join; one that nobody decided in that time is refused: 7 to 90.
             */
            applications_days: number;
            /**
             * Format: int32
             * @description Questions to houses, their answers, and what people were told: 7 to 365.
             */
            questions_days: number;
            /**
             * Format: int32
             * @description Alarms: 30 to 1095.
             */
            alarms_days: number;
            /**
             * Format: int32
             * @description What those in office did, and what they looked at: 90 to 1825.
             */
            audit_days: number;
        };
        /** @description What ends with a grant. */
        RevocationPreview: {
            id: components["schemas"]["Id"];
            /** @description `place`, `role`, `vehicle`, `card` or `pass`. */
            kind: string;
            person?: components["schemas"]["Id"] | null;
            /** @description Their name. */
            person_name: string;
            house?: components["schemas"]["Id"] | null;
            /** @description Its label; empty for the whole community. */
            house_label: string;
            /** @description Places of other people. */
            places: number;
            /** @description Cars. */
            vehicles: number;
            /** @description Cards and remotes. */
            cards: number;
            /** @description Passes whose time is not over. */
            passes: number;
            /** @description Those who are nobody in the community any more then. */
            people: components["schemas"]["LosingPerson"][];
            /**
             * @description Where they are signed in: so many sessions show them nothing of the community any more. 0 for who does not keep the people
             *     of the community.
             */
            sessions: number;
        };
        /** @description Ending a grant. */
        RevokeGrant: {
            /** @description For whoever asks why later; may be empty. */
            reason?: string;
        };
        /**
         * @description What somebody may be besides a resident.
         * @enum {string}
         */
        Role: "resident" | "guard" | "administrator";
        /** @description Somebody's role: a grant. */
        RoleGrant: {
            id: components["schemas"]["Id"];
            /** @description Who. */
            person: components["schemas"]["Id"];
            /** @description Their name. */
            name: string;
            role: components["schemas"]["Role_Role"];
            by?: components["schemas"]["Id"] | null;
            /** @description Their name. */
            by_name: string;
            /**
             * Format: int64
             * @description When it was given, in milliseconds since 1970.
             */
            at_ms: number;
        };
        /**
         * @description What somebody may be besides a resident.
         * @enum {string}
         */
        Role_Role: "resident" | "guard" | "administrator";
        Roles: {
            roles: components["schemas"]["RoleGrant"][];
        };
        /** @description What a house says. */
        Say: {
            /** @description Whether to let them in. */
            allow: boolean;
        };
        /** @description A code. */
        SecondFactorCode: {
            /** @description Six digits, as the application shows them; to turn it off, one of those on paper does as well. */
            code: string;
        };
        /** @description A photo that waits for its application. */
        SentPhoto: {
            /** @description What the application names it by; good once, for an hour. */
            token: string;
        };
        /** @description Where somebody is signed in. */
        Session: {
            id: components["schemas"]["Id"];
            way: components["schemas"]["Way_Way"];
            /** @description What the browser says it is. */
            agent: string;
            /**
             * Format: int64
             * @description Milliseconds since 1970.
             */
            made_ms: number;
            /**
             * Format: int64
             * @description When it was last used, give or take an hour.
             */
            seen_ms: number;
            /** @description Whether a second factor was given. */
            second_factor: boolean;
            /** @description Whether it is the one that asks. */
            is_this: boolean;
        };
        /** @description Who is signed in here. */
        SessionDocument: {
            account?: components["schemas"]["Account"] | null;
            /** @description The bot in Telegram, without `@`; nothing where there is none. */
            telegram?: string | null;
        };
        Sessions: {
            sessions: components["schemas"]["Session"][];
        };
        /** @description An address for an account. */
        SetEmail: {
            /** @description Empty: none any more. */
            email: string;
            /** @description The password, where there is one; who has just signed in by a link or a passkey need not know it. */
            password?: string;
        };
        /** @description Another password. */
        SetPassword: {
            /** @description The one that was, where there was one; who has just signed in by a link or a passkey need not know it. */
            before?: string;
            /** @description 8 to 200 characters. */
            password: string;
        };
        /** @description How a pass is shared. */
        Share: {
            /** @description Whether the link tells the house's label. */
            shows_house?: boolean;
        };
        /** @description A link to sign in. */
        SignInLink: {
            /** @description What stands behind `/join/` in the link. It works once; the one before ends. */
            token: string;
            /**
             * Format: int64
             * @description Milliseconds since 1970.
             */
            until_ms: number;
        };
        /** @description What the device is to be asked. */
        SignInOptions: {
            /** @description Which challenge this is: to be sent with the answer. */
            challenge: components["schemas"]["Id"];
            /** @description `PublicKeyCredentialRequestOptionsJSON`, for `PublicKeyCredential.parseRequestOptionsFromJSON`. */
            options: Record<string, never>;
        };
        /** @description A place or a role. */
        Standing: components["schemas"]["Held"] & {
            /** @description The label of the house; empty for the whole community. */
            house_label: string;
        };
        /** @description The browser's keys. */
        SubscriptionKeys: {
            p256dh: string;
            auth: string;
        };
        /** @description What a machine destroyed in one run. */
        Sweep: {
            id: components["schemas"]["Id"];
            /** @description Which machine: this cloud, or a hub. */
            replica: components["schemas"]["Id"];
            /**
             * Format: int64
             * @description When, in milliseconds since 1970.
             */
            at_ms: number;
            /**
             * @description How many of which class: `pictures`, `journal`, `passes`, `questions`, `alarms`, `applications`, `audit`,
             *     `requests`, `notifications`, `visits` (of houses that want none kept), `erased` (of people who asked for it).
             */
            destroyed: {
                [key: string]: number;
            };
        };
        Sweeps: {
            sweeps: components["schemas"]["Sweep"][];
            /** @description Where the next page begins; nothing on the last. */
            next?: string | null;
        };
        /** @description Whose mail is to be written to. */
        ToEmail: {
            /** @description However it is written. */
            email: string;
        };
        /** @description When a pass holds. One register: its parts have a joint rule. */
        Validity: {
            /**
             * Format: int64
             * @description Milliseconds since 1970, included.
             * @default 0
             */
            from_ms: number;
            /**
             * Format: int64
             * @description Milliseconds since 1970, excluded.
             * @default 0
             */
            until_ms: number;
            /** @default null */
            weekly: components["schemas"]["Weekly"] | null;
        };
        /** @description A car of a house. */
        Vehicle: {
            id: components["schemas"]["Id"];
            /** @description Folded: what plates are compared by. */
            plate: string;
            /** @description As people write it. */
            plate_shown: string;
            /** @description What it is called: «белая Нива». */
            title: string;
            house: components["schemas"]["Id"];
            house_label: string;
            /**
             * Format: int64
             * @description Since when it is let in, in milliseconds since 1970.
             */
            since_ms: number;
        };
        Vehicles: {
            vehicles: components["schemas"]["Vehicle"][];
        };
        /**
         * @description What is to happen.
         * @enum {string}
         */
        Verdict_Verdict: "refuse" | "ask" | "open";
        /** @description A pass, as its visitor sees it. */
        Visit: {
            /** @description What the settlement is called. */
            community_name: string;
            /** @description Where they are expected, where the house wants that told. */
            house_label?: string | null;
            kind: components["schemas"]["PassKind_PassKind"];
            kind_text: string;
            /**
             * Format: int64
             * @description In milliseconds since 1970.
             */
            from_ms: number;
            /**
             * Format: int64
             * @description In milliseconds since 1970.
             */
            until_ms: number;
            /** @description When it holds, in words. */
            window_text: string;
            standing: components["schemas"]["PassStanding"];
            standing_text: string;
            /**
             * Format: int64
             * @description From when on it holds next, in milliseconds since 1970: now, or later.
             */
            next_ms?: number | null;
            /** @description The settlement's time zone. */
            time_zone: string;
            /** @description What is shown or said at the gate, and what the picture of it holds; empty for none. */
            code: string;
            /** @description The settlement's language: `ru` or `en`. */
            language: string;
        };
        /** @description Somebody whom the house has expected before. */
        Visitor: {
            /** @description May be empty, where the plate is not. */
            name: string;
            plate: string;
            plate_shown: string;
            /**
             * Format: int32
             * @description For how many passes.
             */
            passes: number;
            /**
             * Format: int64
             * @description When the last of them was issued, in milliseconds since 1970.
             */
            last_ms: number;
        };
        /**
         * @description What a house wants written down of its visitors.
         * @enum {string}
         */
        VisitorLog: "keep" | "owners_only" | "nothing";
        Visitors: {
            visitors: components["schemas"]["Visitor"][];
        };
        /**
         * @description How somebody signed in.
         * @enum {string}
         */
        Way_Way: "password" | "passkey" | "link" | "telegram";
        /** @description Hours of days of the week, in the community's time zone. */
        Weekly: {
            /**
             * @description ISO weekdays on which a stretch begins: 1 is Monday, 7 Sunday.
             * @default []
             */
            days: number[];
            /**
             * Format: int32
             * @description Minutes after midnight at which it begins.
             * @default 0
             */
            from_minute: number;
            /**
             * Format: int32
             * @description Minutes after midnight at which it ends; at or below `from_minute`, on the following day.
             * @default 0
             */
            until_minute: number;
        };
        /** @description Taking back on paper. */
        WithdrawalOnPaper: {
            /** @description Who has signed it. */
            person: components["schemas"]["Id"];
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    "description.page": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                file: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A file of the page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "*/*": string;
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "account.show": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Account"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "account.delete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DeleteAccount"];
            };
        };
        responses: {
            /** @description There is none any more */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "account.edit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Edit"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Account"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "account.set_email": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SetEmail"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Account"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "account.prove_email": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProveEmail"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Account"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "account.disconnect_telegram": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Nobody there is this account any more */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "account.link_telegram": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewMessengerLink"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MessengerLink"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "account.begin_passkey": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BeginPasskey"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PasskeyOptions"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "account.passkeys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Passkeys"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "account.add_passkey": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewPasskey"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Passkey"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "account.remove_passkey": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                passkey: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RemovePasskey"];
            };
        };
        responses: {
            /** @description It is removed */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "account.rename_passkey": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                passkey: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RenamePasskey"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Passkey"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "account.set_password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SetPassword"];
            };
        };
        responses: {
            /** @description It is the password from now on */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "account.confirm_second_factor": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SecondFactorCode"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecoveryCodes"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "account.offer_second_factor": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OfferSecondFactor"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OfferedSecondFactor"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "account.remove_second_factor": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SecondFactorCode"];
            };
        };
        responses: {
            /** @description There is none any more */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "account.prove_second_factor": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SecondFactorCode"];
            };
        };
        responses: {
            /** @description It is right */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "account.sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Sessions"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "account.end_other_sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description They have ended */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "account.end_session": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                session: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It has ended */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "community.find": {
        parameters: {
            query?: {
                /** @description A part of what the operator calls it: three letters or more. Left out: the only one of the installation. */
                name?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FoundCommunities"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "community.show": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                community: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Community"];
                };
            };
            /** @description As it is known */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "community.edit": {
        parameters: {
            query?: never;
            header?: {
                "If-Match"?: string | null;
            };
            path: {
                community: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CommunitySettings"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Community"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "alarms.list": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                community: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Alarms"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "alarms.acknowledge": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                community: components["schemas"]["Id"];
                alarm: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It stands no more */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "applications.list": {
        parameters: {
            query?: {
                /** @description `next` of the page before. */
                after?: string;
            };
            header?: never;
            path: {
                community: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Applications"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "applications.apply": {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string | null;
            };
            path: {
                community: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewApplication"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApplicationReceipt"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "applications.find_house": {
        parameters: {
            query: {
                /** @description The whole of it, however it is written. */
                label: string;
            };
            header?: never;
            path: {
                community: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NamedHouse"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "applications.mine": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                community: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MyApplications"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "applications.follow": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                community: components["schemas"]["Id"];
                key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MyApplication"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "applications.withdraw": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                community: components["schemas"]["Id"];
                key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is withdrawn */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "applications.link": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                community: components["schemas"]["Id"];
                key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignInLink"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "applications.send_photo": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                community: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "image/jpeg": components["schemas"]["PhotoBytes"];
                "image/png": components["schemas"]["PhotoBytes"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SentPhoto"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "applications.show": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                community: components["schemas"]["Id"];
                application: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApplicationDetails"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "applications.accept": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                community: components["schemas"]["Id"];
                application: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AcceptApplication"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AcceptedApplication"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "applications.photo": {
        parameters: {
            query?: {
                /** @description The small one. */
                small?: boolean;
            };
            header?: never;
            path: {
                community: components["schemas"]["Id"];
                application: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/jpeg": components["schemas"]["PhotoBytes"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "applications.refuse": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                community: components["schemas"]["Id"];
                application: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RefuseApplication"];
            };
        };
        responses: {
            /** @description It is refused */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "audit.list": {
        parameters: {
            query?: {
                /** @description By whom. */
                by?: components["schemas"]["Id"];
                /** @description About whom. */
                person?: components["schemas"]["Id"];
                /** @description About which house. */
                house?: components["schemas"]["Id"];
                /** @description What, as this description names the operation. */
                action?: string;
                /** @description Looks only, or no looks. */
                looked?: boolean;
                /** @description From then on, in milliseconds since 1970. */
                from_ms?: number;
                /** @description Before then, in milliseconds since 1970. */
                until_ms?: number;
                /** @description `next` of the page before. */
                after?: string;
            };
            header?: never;
            path: {
                community: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Deeds"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "bans.list": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                community: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Bans"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "bans.ban": {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string | null;
            };
            path: {
                community: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewBan"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ban"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "bans.lift": {
        parameters: {
            query?: {
                /** @description For those who read of it later. */
                reason?: string;
            };
            header?: never;
            path: {
                community: components["schemas"]["Id"];
                ban: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It stands no more */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "community.card": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                community: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CommunityCard"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "chats.list": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                community: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Chats"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "chats.connect": {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string | null;
            };
            path: {
                community: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewChat"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChatOffer"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "chats.answer": {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string | null;
            };
            path: {
                community: components["schemas"]["Id"];
                request: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChatAnswer"];
            };
        };
        responses: {
            /** @description They are answered */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "chats.disconnect": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                community: components["schemas"]["Id"];
                chat: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is the community's no more */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "chats.invite": {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string | null;
            };
            path: {
                community: components["schemas"]["Id"];
                chat: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is on its way */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "consents.current": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                community: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CurrentConsent"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "consents.list": {
        parameters: {
            query?: {
                /** @description One person's. */
                person?: components["schemas"]["Id"];
                /** @description `next` of the page before. */
                after?: string;
            };
            header?: never;
            path: {
                community: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConsentEntries"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "consents.enter": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                community: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConsentOnPaper"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Consent"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "consents.texts": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                community: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConsentVersions"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "consents.publish": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                community: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewConsentVersion"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConsentVersion"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "consents.enter_withdrawal": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                community: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WithdrawalOnPaper"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConsentWithdrawn"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "events.follow": {
        parameters: {
            query?: never;
            header?: {
                "Last-Event-ID"?: string | null;
            };
            path: {
                community: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "passes.expected": {
        parameters: {
            query?: {
                /** @description A part of a plate, of a name or of a house's label. */
                search?: string;
            };
            header?: never;
            path: {
                community: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Passes"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "exports.download": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                community: components["schemas"]["Id"];
                what: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The table */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "gates.list": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                community: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Gates"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "gates.open": {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string | null;
            };
            path: {
                community: components["schemas"]["Id"];
                gate: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Press"];
            };
        };
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Opening"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "grants.preview": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                community: components["schemas"]["Id"];
                grant: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RevocationPreview"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "grants.revoke": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                community: components["schemas"]["Id"];
                grant: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RevokeGrant"];
            };
        };
        responses: {
            /** @description It has ended */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "houses.list": {
        parameters: {
            query?: {
                /** @description A part of the label. */
                search?: string;
                /** @description `next` of the page before. */
                after?: string;
            };
            header?: never;
            path: {
                community: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Houses"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "houses.add": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                community: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewHouse"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["House"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "houses.show": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                community: components["schemas"]["Id"];
                house: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["House"];
                };
            };
            /** @description As it is known */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "houses.rename": {
        parameters: {
            query?: never;
            header?: {
                "If-Match"?: string | null;
            };
            path: {
                community: components["schemas"]["Id"];
                house: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewHouse"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["House"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "houses.issue_code": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                community: components["schemas"]["Id"];
                house: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HouseCode"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "journal.of_house": {
        parameters: {
            query?: {
                kind?: "decided" | "closing" | "commanded" | "failed" | "interrupted" | "abandoned" | "seen_open" | "seen_closed" | "jammed" | "obstructed" | "passed" | "tailgated" | "nobody_passed" | "hold_began" | "hold_ended" | "fire_began" | "fire_ended" | "driver_lost" | "driver_back" | "refused_by_guard" | "visitor" | "asked" | "answered" | "shift_began" | "shift_ended" | "started";
                /** @description Included, in milliseconds since 1970. */
                from_ms?: number;
                /** @description Excluded, in milliseconds since 1970. */
                until_ms?: number;
                /** @description At most so many. */
                limit?: number;
                /** @description `next` of the page before. */
                after?: string;
            };
            header?: never;
            path: {
                community: components["schemas"]["Id"];
                house: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Journal"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "passes.list": {
        parameters: {
            query?: {
                which?: "current" | "past";
                /** @description `next` of the page before. */
                after?: string;
            };
            header?: never;
            path: {
                community: components["schemas"]["Id"];
                house: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Passes"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "passes.issue": {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string | null;
            };
            path: {
                community: components["schemas"]["Id"];
                house: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewPass"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Pass"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "households.list": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                community: components["schemas"]["Id"];
                house: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Household"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "households.invite": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                community: components["schemas"]["Id"];
                house: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewInhabitant"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvitedPerson"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "households.remove": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                community: components["schemas"]["Id"];
                house: components["schemas"]["Id"];
                place: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description They are of the house no more */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "households.link": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                community: components["schemas"]["Id"];
                house: components["schemas"]["Id"];
                place: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignInLink"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "households.settle": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                community: components["schemas"]["Id"];
                house: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewPlace"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Place"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "vehicles.list": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                community: components["schemas"]["Id"];
                house: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Vehicles"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "vehicles.add": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                community: components["schemas"]["Id"];
                house: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewVehicle"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Vehicle"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "houses.visitor_log": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                community: components["schemas"]["Id"];
                house: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HouseVisitorLog"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "houses.choose_visitor_log": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                community: components["schemas"]["Id"];
                house: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["HouseVisitorLog"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HouseVisitorLog"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "passes.visitors": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                community: components["schemas"]["Id"];
                house: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Visitors"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "hubs.list": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                community: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Hubs"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "hubs.invite": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                community: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewHub"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HubCode"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "hubs.revoke": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                community: components["schemas"]["Id"];
                hub: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is none any more */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "imports.preview": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                community: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        /** @description The table */
        requestBody: {
            content: {
                "text/csv": string;
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportPreview"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "imports.show": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                community: components["schemas"]["Id"];
                import: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportPreview"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "imports.apply": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                community: components["schemas"]["Id"];
                import: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportReport"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "journal.list": {
        parameters: {
            query?: {
                /** @description A plate or a part of one, in either alphabet. */
                plate?: string;
                house?: components["schemas"]["Id"];
                kind?: "decided" | "closing" | "commanded" | "failed" | "interrupted" | "abandoned" | "seen_open" | "seen_closed" | "jammed" | "obstructed" | "passed" | "tailgated" | "nobody_passed" | "hold_began" | "hold_ended" | "fire_began" | "fire_ended" | "driver_lost" | "driver_back" | "refused_by_guard" | "visitor" | "asked" | "answered" | "shift_began" | "shift_ended" | "started";
                /** @description Included, in milliseconds since 1970. */
                from_ms?: number;
                /** @description Excluded, in milliseconds since 1970. */
                until_ms?: number;
                /** @description At most so many. */
                limit?: number;
                /** @description `next` of the page before. */
                after?: string;
            };
            header?: never;
            path: {
                community: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Journal"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "journal.show": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                community: components["schemas"]["Id"];
                entry: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Line"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "journal.picture": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                community: components["schemas"]["Id"];
                entry: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A picture */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/jpeg": number[];
                    "image/png": number[];
                };
            };
            /** @description As it is known */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "letters.issue": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                community: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Letters"];
            };
        };
        responses: {
            /** @description The letters */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/pdf": number[];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "people.me": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                community: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PersonDetails"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "me.audit": {
        parameters: {
            query?: {
                /** @description `next` of the page before. */
                after?: string;
            };
            header?: never;
            path: {
                community: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Deeds"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "consents.mine": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                community: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MyConsents"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "consents.give": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                community: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AgreeToConsent"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Consent"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "consents.withdraw": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                community: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConsentWithdrawn"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "me.erase": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                community: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Erase"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Erasure"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "me.export": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                community: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Export"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "notifications.list": {
        parameters: {
            query?: {
                /** @description `next` of the page before. */
                after?: string;
            };
            header?: never;
            path: {
                community: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Notifications"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "notifications.failures": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                community: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failures"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "notifications.subscribe": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                community: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewSubscription"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PushBrowser"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "notifications.push_key": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                community: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PushKey"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "notifications.unsubscribe": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                community: components["schemas"]["Id"];
                subscription: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is told no more */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "notifications.mark_read": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                community: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MarkRead"];
            };
        };
        responses: {
            /** @description They are marked */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "notifications.settings": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                community: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HowIAmTold"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "notifications.set_settings": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                community: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NotificationSettings"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HowIAmTold"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "openings.show": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                community: components["schemas"]["Id"];
                opening: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Opening"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "openings.follow": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                community: components["schemas"]["Id"];
                opening: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "passes.show": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                community: components["schemas"]["Id"];
                pass: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PassHistory"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "passes.cancel": {
        parameters: {
            query?: {
                /** @description For those who read of it later. */
                reason?: string;
            };
            header?: never;
            path: {
                community: components["schemas"]["Id"];
                pass: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It lets nobody in any more */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "passes.share": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                community: components["schemas"]["Id"];
                pass: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Share"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PassLink"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "passes.withdraw": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                community: components["schemas"]["Id"];
                pass: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It shows nothing any more */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "people.list": {
        parameters: {
            query?: {
                /** @description A part of a name, of a telephone number, or of the plate of a car. */
                search?: string;
                /** @description `next` of the page before. */
                after?: string;
            };
            header?: never;
            path: {
                community: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["People"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "people.add": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                community: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewPerson"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Person"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "people.show": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                community: components["schemas"]["Id"];
                person: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PersonDetails"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "people.edit": {
        parameters: {
            query?: never;
            header?: {
                "If-Match"?: string | null;
            };
            path: {
                community: components["schemas"]["Id"];
                person: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewPerson"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Person"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "people.erase": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                community: components["schemas"]["Id"];
                person: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Erase"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Erasure"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "people.link": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                community: components["schemas"]["Id"];
                person: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LinkAnew"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignInLink"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "questions.list": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                community: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Questions"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "questions.show": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                community: components["schemas"]["Id"];
                question: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Question"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "questions.answer": {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string | null;
            };
            path: {
                community: components["schemas"]["Id"];
                question: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Say"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AnswerTaken"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "questions.picture": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                community: components["schemas"]["Id"];
                question: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A picture */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/jpeg": number[];
                    "image/png": number[];
                };
            };
            /** @description As it is known */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "retention.show": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                community: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Retention"];
                };
            };
            /** @description As it is known */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "retention.set": {
        parameters: {
            query?: never;
            header?: {
                "If-Match"?: string | null;
            };
            path: {
                community: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RetentionDays"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Retention"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "retention.erasures": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                community: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Erasures"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "retention.sweeps": {
        parameters: {
            query?: {
                /** @description `next` of the page before. */
                after?: string;
            };
            header?: never;
            path: {
                community: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Sweeps"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "roles.list": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                community: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Roles"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "roles.grant": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                community: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewRole"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RoleGrant"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "roles.revoke": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                community: components["schemas"]["Id"];
                role: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is taken away */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "vehicles.mine": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                community: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Vehicles"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "vehicles.remove": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                community: components["schemas"]["Id"];
                vehicle: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It opens no gate any more */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "description.openapi": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OpenAPI 3.1 */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "recovery.send": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ToEmail"];
            };
        };
        responses: {
            /** @description Where there is such an account, it is sent */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "recovery.reset": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ResetPassword"];
            };
        };
        responses: {
            /** @description It is the password from now on */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "session.show": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionDocument"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "session.by_password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ByPassword"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionDocument"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "session.sign_out": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Nobody is signed in here */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "session.send_link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ToEmail"];
            };
        };
        responses: {
            /** @description Where there is such an account, it is sent */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "session.by_link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ByLink"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionDocument"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "session.by_passkey": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ByPasskey"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionDocument"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "session.begin_passkey": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignInOptions"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "session.by_telegram": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ByTelegram"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionDocument"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "visits.show": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                token: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Visit"];
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "visits.code": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                token: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/svg+xml": string;
                };
            };
            /** @description Not done: why, in the caller's language */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
