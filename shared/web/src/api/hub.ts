// @generated from openapi.json by `npm run types`; a test fails when it is stale.

export interface paths {
    "/api/arrivals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who came of late, newest first, and what became of it */
        get: operations["arrivals.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/arrivals/{entry}/ask": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ask a house about who waits */
        post: operations["arrivals.ask"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/arrivals/{entry}/open": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Let in who waits: on a pass, as one of the cars that it may be, or on the guard's own word */
        post: operations["arrivals.open"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/arrivals/{entry}/refuse": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send away who waits */
        post: operations["arrivals.refuse"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/cameras": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The cameras, and whether frames come and are looked at */
        get: operations["cameras.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/cameras/{key}/frame": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The latest frame of a camera; none older than five seconds (404). `Age` tells its seconds */
        get: operations["cameras.show_frame"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/clock/trust": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Give the guard's word that the clock is right */
        post: operations["clock.trust"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/crops/{hash}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A picture of a plate, by the hash that entries call `crop` */
        get: operations["crops.show"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The state as it changes, and the journal as it grows (server-sent events)
         * @description Each event has a name and, as its data, one document, which `LiveEvent` puts beside each other: `state` with the whole `Live`
         *     whenever it is another one, `entry` with a `Line` of the journal and its id, from where `Last-Event-ID` tells or from now on.
         *     The stream ends with the session.
         */
        get: operations["state.follow"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/expected": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whom the houses expect, by a part of plate, name or house */
        get: operations["passes.list_expected"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/gates/{key}/close": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Close */
        post: operations["gates.close"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/gates/{key}/hold": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Hold open */
        post: operations["gates.hold"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/gates/{key}/open": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Open on a code, a pass, a plate, a card or the guard's word */
        post: operations["gates.open"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/gates/{key}/release": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End a hold */
        post: operations["gates.release"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/guards": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who may sign in */
        get: operations["guards.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the gate loop goes round and the store is written */
        get: operations["health.show"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/houses": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Houses, their people and telephones, by a part of label, name or telephone */
        get: operations["houses.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/inside": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who is inside, and who left without having been seen to come */
        get: operations["inside.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/journal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The journal, newest first */
        get: operations["journal.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/journal/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the chain of the journal is whole */
        get: operations["journal.check"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This description */
        get: operations["description.show"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/passes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Issue a pass on a house's telephone call */
        post: operations["passes.issue"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/passes/{pass}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** End a pass */
        delete: operations["passes.revoke"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/questions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What houses were asked and may still answer */
        get: operations["questions.list"];
        put?: never;
        /** Ask a house */
        post: operations["questions.ask"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/questions/{question}/answer": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take a house's answer by telephone; the first counts */
        post: operations["questions.answer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who has signed in at this screen */
        get: operations["session.show"];
        put?: never;
        /** Sign in; whoever was signed in here is signed out */
        post: operations["session.sign_in"];
        /** Sign out, whether or not anybody is signed in */
        delete: operations["session.sign_out"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/shift": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who is on duty, and the last notes */
        get: operations["shift.show"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/shift/handover": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Hand over to the next guard, by their PIN */
        post: operations["shift.hand_over"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/state": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Everything in one document */
        get: operations["state.show"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/vehicles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Residents' cars that may come in, by a part of plate or name */
        get: operations["vehicles.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/visitors": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Write a visitor down, and let them in where asked to */
        post: operations["visitors.write_down"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Numbers for Prometheus: on this machine, or with a session */
        get: operations["health.measure"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/pair/{invitation}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Pair a screen, once: it gets a cookie and is sent on to the page */
        get: operations["screens.pair"];
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
        /** @description What must be seen: what is, and what happened of late. */
        Alarm: {
            code: components["schemas"]["AlarmCode"];
            /** @description The gate's key; `null` for the hub as a whole. */
            gate?: string | null;
            about?: components["schemas"]["Id"] | null;
            /**
             * Format: int64
             * @description When it happened, in milliseconds since 1970; `null`: it is so now.
             */
            at_ms?: number | null;
            text: string;
        };
        /**
         * @description What the guard must see. Its text in both languages has this name as its key, and the gate's or camera's name as its
         *     argument.
         * @enum {string}
         */
        AlarmCode: "alert-tailgated" | "alert-jammed" | "alert-failed" | "alert-interrupted" | "alert-driver-lost" | "alert-not-recorded" | "gate-fire" | "camera-blind" | "camera-lost" | "clock-not-trusted" | "store-failed";
        /** @description What the house says. */
        Answer: {
            allow: boolean;
        };
        AnswerTaken: {
            answer: components["schemas"]["Id"];
        };
        /** @description Somebody who came. */
        Arrival: components["schemas"]["Line"] & {
            /** @description Whether it waits for the guard's word. */
            waits: boolean;
            /** @description What became of it, the oldest first. */
            outcome: components["schemas"]["Line"][];
        };
        Arrivals: {
            arrivals: components["schemas"]["Arrival"][];
        };
        /** @description Somebody who waits for the guard's word. */
        Arrived: {
            /** @description The arrival in the journal, and in the paths of routes. */
            entry: components["schemas"]["Id"];
            gate: components["schemas"]["Id"];
            gate_key: string;
            /** @description The lane's key; empty where none is known. */
            lane: string;
            direction: components["schemas"]["Direction"];
            /** @description Folded; empty for none. */
            plate: string;
            /** @description As people write it. */
            plate_shown: string;
            /** @description The visitor's name on a pass; empty for none. */
            name: string;
            house?: components["schemas"]["Id"] | null;
            house_label: string;
            verdict: components["schemas"]["Verdict"];
            reason: components["schemas"]["Reason"];
            reason_text: string;
            /** @description The picture's hash; empty for none. */
            crop: string;
            /**
             * Format: int64
             * @description In milliseconds since 1970.
             */
            since_ms: number;
            question?: components["schemas"]["Id"] | null;
            asked?: components["schemas"]["AskedHouse"] | null;
            /** @description What the house answered, in time. */
            allowed?: boolean | null;
            /** @description Cars that it may be, best first. */
            candidates: components["schemas"]["CandidateCar"][];
        };
        AskAboutArrival: {
            house?: components["schemas"]["Id"] | null;
            /** @description Another name than is known. */
            name?: string | null;
            /**
             * Format: int32
             * @description How long the house may think; a minute, unless said otherwise.
             */
            timeout_ms?: number | null;
        };
        /** @description What to ask. */
        AskHouse: {
            /** @description The gate's key. */
            gate: string;
            /** @description The lane's key; may be empty. */
            lane?: string;
            house: components["schemas"]["Id"];
            /** @description The visitor's name or trade; may be empty. */
            name?: string;
            /** @description In any alphabet; may be empty. */
            plate?: string;
            about?: components["schemas"]["Id"] | null;
            /**
             * Format: int32
             * @description How long the house may think; a minute, unless said otherwise.
             */
            timeout_ms?: number | null;
        };
        /** @description A house that was asked about somebody who waits. */
        AskedHouse: {
            house: components["schemas"]["Id"];
            house_label: string;
            /**
             * Format: int64
             * @description Until when an answer counts, in milliseconds since 1970 by the hub's clock.
             */
            until_ms: number;
            phones: components["schemas"]["Phone"][];
        };
        /** @description A camera. */
        Camera: {
            /** @description Its key in the configuration, and in the paths of routes. */
            key: string;
            /** @description As people call it. */
            name: string;
            /** @description The gate's key. */
            gate: string;
            /** @description The lane's key. */
            lane: string;
            /** @description Whether frames come that can be shown, and are looked at where they are to be. */
            live: boolean;
            /** @description Whether frames come that can be shown, looked at or not. */
            shows: boolean;
        };
        /** @description How a camera is. */
        CameraStatus: {
            /** @description Its key in the configuration. */
            key: string;
            /** @description As people call it. */
            name: string;
            /** @description The gate's key. */
            gate: string;
            /** @description The lane's key. */
            lane: string;
            /** @description Whether frames come that can be shown, and are looked at where they are to be. */
            live: boolean;
            /** @description Whether frames come that can be shown, looked at or not. */
            shows: boolean;
            /**
             * Format: int64
             * @description How long ago the last frame came; `None`: none ever did.
             */
            frame_ms_ago?: number | null;
            /**
             * Format: int64
             * @description How long ago what looks had time for this camera; `None`: it never had, or nothing is to be looked at.
             */
            look_ms_ago?: number | null;
            /** @description What is wrong, for the log of who asks. */
            trouble?: string | null;
        };
        Cameras: {
            cameras: components["schemas"]["CameraStatus"][];
        };
        /** @description A known car that a reading may be meant for. */
        Candidate: {
            /** @description Folded plate. */
            plate: string;
            /**
             * Format: float
             * @description How probable the reading is, 0 to 1.
             */
            probability: number;
            house?: components["schemas"]["Id"] | null;
            /** @description What would be decided if it is this car. */
            verdict: components["schemas"]["Verdict"];
            /** @description Why. */
            reason: components["schemas"]["Reason"];
        };
        /** @description A car that it may be: one tap lets it in. */
        CandidateCar: components["schemas"]["Candidate"] & {
            /** @description As people write it. */
            plate_shown: string;
            house_label: string;
            reason_text: string;
        };
        /** @description The clock of this hub. */
        Clock: {
            /**
             * Format: int64
             * @description In milliseconds since 1970.
             */
            now_ms: number;
            trusted: boolean;
            trust: components["schemas"]["ClockTrust"];
        };
        /**
         * @description What vouches for the wall clock. A Raspberry Pi without a battery wakes in the past.
         * @enum {string}
         */
        ClockTrust: "nothing" | "ntp" | "rtc" | "word";
        /**
         * @description What the gate was told last.
         * @enum {string}
         */
        Commanded: "nothing" | "open" | "close" | "held_open";
        /**
         * @description Which way a lane leads.
         * @enum {string}
         */
        Direction: "entry" | "exit";
        EndPass: {
            reason?: string;
        };
        /**
         * @description What an entry tells.
         * @enum {string}
         */
        EntryKind_EntryKind: "decided" | "closing" | "commanded" | "failed" | "interrupted" | "abandoned" | "seen_open" | "seen_closed" | "jammed" | "obstructed" | "passed" | "tailgated" | "nobody_passed" | "hold_began" | "hold_ended" | "fire_began" | "fire_ended" | "driver_lost" | "driver_back" | "refused_by_guard" | "visitor" | "asked" | "answered" | "shift_began" | "shift_ended" | "started";
        /** @description A pass, as the guard sees it. */
        ExpectedPass: {
            id: components["schemas"]["Id"];
            kind: components["schemas"]["PassKind_PassKind"];
            kind_text: string;
            house: components["schemas"]["Id"];
            house_label: string;
            /** @description Folded; may be empty. */
            plate: string;
            /** @description As people write it. */
            plate_shown: string;
            name: string;
            /** @description What the visitor says or types; empty for none. */
            code: string;
            /**
             * Format: int64
             * @description From when on it holds, in milliseconds since 1970: now, or later today.
             */
            from_ms: number;
            /**
             * Format: int64
             * @description In milliseconds since 1970.
             */
            until_ms: number;
            /** @description When it holds, in words. */
            window_text: string;
            /**
             * Format: int32
             * @description `null`: as many as fall into its time.
             */
            entries_left?: number | null;
            note: string;
            /** @description The guard who issued it; empty where a resident did. */
            guard: string;
            /** @description Whether it holds at this moment. */
            holds: boolean;
        };
        ExpectedPasses: {
            passes: components["schemas"]["ExpectedPass"][];
        };
        /** @description A gate, with its state in words. */
        Gate: {
            /** @description Its record. */
            id: components["schemas"]["Id"];
            /** @description Its name in the configuration, and in the paths of routes. */
            key: string;
            /** @description As people call it. */
            name: string;
            kind: components["schemas"]["GateKind_GateKind"];
            kind_text: string;
            lanes: components["schemas"]["Lane"][];
            status: components["schemas"]["GateStatus"];
            status_text: string;
        };
        /**
         * @description What a gate is.
         * @enum {string}
         */
        GateKind_GateKind: "barrier" | "wicket";
        /**
         * @description What the position sensor sees.
         * @enum {string}
         */
        GatePosition: "unknown" | "closed" | "moving" | "open";
        /** @description How a gate stands. */
        GateStatus: {
            /** @description Whether its driver is there; `null`: it has not said yet. */
            connected?: boolean | null;
            position: components["schemas"]["GatePosition"];
            commanded: components["schemas"]["Commanded"];
            /** @description The loop is occupied. */
            occupied: boolean;
            /** @description The beam is broken. */
            beam_broken: boolean;
            hold?: components["schemas"]["Hold"] | null;
            /** @description The fire alarm is on. */
            fire: boolean;
            /** @description Openings whose car has not passed. */
            under_way: number;
            last?: components["schemas"]["Opened"] | null;
        };
        /** @description A guard who signed in, or who could. */
        Guard: {
            /** @description The record. */
            id: components["schemas"]["Id"];
            /** @description The name. */
            name: string;
        };
        /** @description Who may sign in. */
        Guards: {
            guards: components["schemas"]["Guard"][];
        };
        /** @description Who takes over, and what they are to know. */
        HandOver: {
            guard: components["schemas"]["Id"];
            pin: string;
            note?: string;
        };
        Health: {
            ok: boolean;
            /** @description What is stuck, for the log of who asks. */
            trouble?: string | null;
            /** @description A camera that is lost makes no gate sick: it is told, and `ok` stays. */
            cameras?: components["schemas"]["CameraStatus"][];
        };
        /** @description A hold. */
        Hold: {
            /** @description The entry in the journal. */
            entry: components["schemas"]["Id"];
            /** @description Who holds it open. */
            guard: string;
            /**
             * Format: int64
             * @description In milliseconds since 1970.
             */
            since_ms: number;
        };
        /** @description A house, and whom to call there. */
        House: {
            id: components["schemas"]["Id"];
            label: string;
            note: string;
            people: components["schemas"]["Inhabitant"][];
        };
        Houses: {
            houses: components["schemas"]["House"][];
        };
        /** @description This hub. */
        Hub: {
            replica: components["schemas"]["Id"];
            /** @description The community's name. */
            name: string;
            /** @description In which moments are shown, by its IANA name. */
            time_zone: string;
            version: string;
            /**
             * Format: int64
             * @description In milliseconds since 1970.
             */
            started_at_ms: number;
            /** Format: int64 */
            uptime_ms: number;
            /** @description In which whoever wishes none is spoken to. */
            language: components["schemas"]["Language"];
        };
        /** @description A ULID */
        Id: string;
        /** @description Somebody who lives there. */
        Inhabitant: {
            id: components["schemas"]["Id"];
            name: string;
            /** @description Empty where none is known. */
            phone: string;
            place: components["schemas"]["PlaceKind"];
            place_text: string;
        };
        Inside: {
            /** @description By plate. */
            inside: components["schemas"]["SeenCar"][];
            /** @description Who left and had not been seen to come, newest first. */
            unmatched_exits: components["schemas"]["SeenCar"][];
        };
        /** @description A page of the journal. */
        Journal: {
            entries: components["schemas"]["Line"][];
            /** @description What to ask the next page with; `null`: there is none. */
            next?: string | null;
        };
        /** @description What proves the journal. */
        JournalCheck: {
            whole: boolean;
            /**
             * Format: int64
             * @description Entries that were checked.
             */
            entries: number;
            /**
             * Format: int64
             * @description Of these, such whose content was erased in part: only their links are checked.
             */
            forgotten: number;
            /** @description What is wrong, for whoever looks after the hub. */
            faults: string[];
        };
        /** @description A decision, as a screen shows it. */
        Judged: {
            entry?: components["schemas"]["Id"] | null;
            /** @description What was decided. */
            verdict: components["schemas"]["Verdict"];
            /** @description Why. */
            reason: components["schemas"]["Reason"];
            /** @description Why, in words. */
            text: string;
            house?: components["schemas"]["Id"] | null;
            /** @description Its label; empty for none. */
            house_label: string;
            /** @description Folded plate; empty for none. */
            plate: string;
            /** @description The plate as people write it. */
            plate_shown: string;
            /** @description The visitor's name; empty for none. */
            name: string;
        };
        /** @description A lane of a gate. */
        Lane: {
            /**
             * @description Its name in the configuration.
             * @default
             */
            key?: string;
            /**
             * @description Which way it leads.
             * @default entry
             */
            direction?: components["schemas"]["Direction"];
            /**
             * @description Whoever comes is let out.
             * @default false
             */
            free?: boolean;
            /**
             * @description A car that is inside already is shown to the guard when it comes to enter again.
             * @default false
             */
            anti_passback?: boolean;
        };
        /**
         * @description A language of the texts.
         * @enum {string}
         */
        Language: "ru" | "en";
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
        /** @description The link to the cloud: nothing at the gate needs it. */
        Link: {
            state: components["schemas"]["LinkState"];
            /** @description Whether this hub belongs to a cloud at all. */
            enrolled: boolean;
            connected: boolean;
            /** @description Whether everything that was written here is there as well. */
            shared: boolean;
            text: string;
        };
        /**
         * @description How the link stands.
         * @enum {string}
         */
        LinkState: "none" | "refused" | "away" | "behind" | "there";
        /** @description The gates and whoever stands at them, and what is wrong. */
        Live: {
            /** @description In the order of the configuration. */
            gates: components["schemas"]["Gate"][];
            /** @description Who waits for the guard's word, the longest first. */
            waiting: components["schemas"]["Arrived"][];
            /** @description What houses were asked and may still answer. */
            questions: components["schemas"]["Question"][];
            /** @description What is wrong now, then what happened of late, newest first. */
            alarms: components["schemas"]["Alarm"][];
            cameras: components["schemas"]["Camera"][];
            link: components["schemas"]["Link"];
            /** @description Whether the clock is trusted; where it is not, passes with hours are put to the guard. */
            clock_trusted: boolean;
        };
        /** @description An event: its name, and its data. */
        LiveEvent: {
            /** @description The gates and who stands at them, whenever something else is so. */
            data: components["schemas"]["Live"];
            /** @enum {string} */
            event: "state";
        } | {
            /** @description A new entry of the journal. */
            data: components["schemas"]["Line"];
            /** @enum {string} */
            event: "entry";
        };
        /** @description A pass that a house asks for. */
        NewPass: {
            house: components["schemas"]["Id"];
            kind: components["schemas"]["NewPassKind"];
            /** @description In any alphabet; may be empty. */
            plate?: string;
            /** @description The visitor's name; may be empty. */
            name?: string;
            note?: string;
            /** @description Whether the visitor gets a code. */
            code?: boolean;
            /**
             * Format: int64
             * @description From now on, where nothing is said.
             */
            from_ms?: number | null;
            /**
             * Format: int64
             * @description In milliseconds since 1970; a taxi or courier has `minutes`.
             */
            until_ms?: number | null;
            /**
             * Format: int32
             * @description Instead of `until_ms`.
             */
            minutes?: number | null;
            weekly?: components["schemas"]["Weekly"] | null;
            /**
             * Format: int32
             * @description For an event.
             */
            entries?: number | null;
        };
        /**
         * @description What a pass is for.
         * @enum {string}
         */
        NewPassKind: "guest" | "taxi" | "courier" | "recurring" | "event";
        NewQuestion: {
            question: components["schemas"]["Id"];
            /** @description The entry in the journal. */
            entry: components["schemas"]["Id"];
        };
        /** @description A visitor by hand. */
        NewVisitor: {
            /** @description The gate's key, where one is to open or they came through it. */
            gate?: string | null;
            lane?: string;
            /** @description May be empty where there is a plate. */
            name: string;
            /** @description In any alphabet. */
            plate?: string;
            house?: components["schemas"]["Id"] | null;
            note?: string;
            /** @description Open for them. */
            open?: boolean;
        };
        /** @description What was written about it. */
        Noted: {
            /** @description The entry in the journal. */
            entry: components["schemas"]["Id"];
        };
        OpenForArrival: {
            /** @description The plate that it is, of those that it may be. */
            candidate?: string | null;
            pass?: components["schemas"]["Id"] | null;
            /** @description Open on the guard's own word where what is shown may not. */
            insist?: boolean;
            note?: string;
        };
        /** @description Whom to let in. The first that is given of pass, code, plate and card is judged; none: the guard's own word. */
        OpenGate: {
            /**
             * @description The lane's key; may be empty.
             * @default
             */
            lane?: string;
            /** @default null */
            pass?: components["schemas"]["Id"] | null;
            /** @default null */
            code?: string | null;
            /**
             * @description In any alphabet.
             * @default null
             */
            plate?: string | null;
            /** @default null */
            card?: string | null;
            /** @default null */
            house?: components["schemas"]["Id"] | null;
            /**
             * @description Who they are, for the journal.
             * @default
             */
            name?: string;
            /** @default  */
            note?: string;
            /**
             * @description Open on the guard's own word where what is shown may not.
             * @default false
             */
            insist?: boolean;
        };
        /** @description An opening. */
        Opened: {
            /** @description The entry in the journal. */
            entry: components["schemas"]["Id"];
            /**
             * Format: int64
             * @description In milliseconds since 1970.
             */
            at_ms: number;
            reason: components["schemas"]["Reason"];
            /** @description Folded; empty for none. */
            plate: string;
            /** @description As people write it. */
            plate_shown: string;
            house?: components["schemas"]["Id"] | null;
            house_label: string;
            /** @description The guard on whose word; empty for none. */
            guard: string;
        };
        /**
         * @description What a pass is for: its texts and its defaults differ, its rules do not.
         * @enum {string}
         */
        PassKind_PassKind: "guest" | "taxi" | "courier" | "recurring" | "event";
        /** @description Whom to call. */
        Phone: {
            name: string;
            phone: string;
        };
        /**
         * Format: binary
         * @description A picture (JPEG).
         */
        Picture: string;
        /**
         * @description What a person is in a house.
         * @enum {string}
         */
        PlaceKind: "owner" | "family" | "tenant" | "staff";
        /** @description Problem details (RFC 9457). */
        Problem: {
            /** @description Always `about:blank`: `code` tells kinds apart. */
            type: string;
            /** @description The status in words. */
            title: string;
            /** Format: int32 */
            status: number;
            /** @description What is wrong, for the guard, in their language. */
            detail: string;
            code: components["schemas"]["ProblemCode"];
            /** @description The field of the request that makes no sense. */
            field?: string | null;
            /** @description What is wrong with it, as a key of the texts. */
            why?: string | null;
            /**
             * Format: int64
             * @description When it is worth another try, for pages that count down.
             */
            retry_after_s?: number | null;
            /** @description What was decided, where a decision stands against it (`not-opened`). */
            decision?: components["schemas"]["Judged"];
        };
        /**
         * @description What is wrong, for a program; never changes its meaning. Its text in both languages has the key `problem-` and this
         *     name.
         * @enum {string}
         */
        ProblemCode: "no-session" | "wrong-pin" | "needs-pin" | "locked" | "screen-not-paired" | "not-invited" | "wrong-host" | "cross-origin" | "not-found" | "method-not-allowed" | "not-json" | "unexpected" | "invalid" | "too-large" | "broken-body" | "unsupported-media-type" | "not-allowed" | "exists" | "ended" | "changed-meanwhile" | "nobody-waits" | "not-opened" | "clock-cannot-be-right" | "key-used" | "busy" | "store";
        /** @description A question whose answer still counts. */
        Question: components["schemas"]["QuestionAsked"] & {
            house_label: string;
            /** @description As people write it. */
            plate_shown: string;
            /**
             * Format: int64
             * @description Until when an answer counts, in milliseconds since 1970 by the hub's clock.
             */
            until_ms: number;
            /**
             * Format: int64
             * @description How long that is from now.
             */
            remaining_ms: number;
            phones: components["schemas"]["Phone"][];
        };
        /** @description A question that runs. */
        QuestionAsked: {
            /** @description Its record. */
            question: components["schemas"]["Id"];
            /** @description The gate's key. */
            gate: string;
            /** @description The gate's record. */
            gate_id: components["schemas"]["Id"];
            /** @description The lane's key; may be empty. */
            lane: string;
            /** @description The house that is asked. */
            house: components["schemas"]["Id"];
            /** @description Folded plate; may be empty. */
            plate: string;
            /** @description The visitor; may be empty. */
            name: string;
            /** @description The guard who asks. */
            guard: string;
            about?: components["schemas"]["Id"] | null;
            /**
             * Format: int64
             * @description When it was asked, in milliseconds since 1970.
             */
            at_ms: number;
            /**
             * Format: int32
             * @description How long an answer counts.
             */
            timeout_ms: number;
        };
        Questions: {
            questions: components["schemas"]["Question"][];
        };
        /**
         * @description Why. Its text in both languages has the key `reason-` and this name in kebab case.
         * @enum {string}
         */
        Reason: "vehicle" | "pass" | "card" | "button" | "guard" | "allowed" | "free_exit" | "leaving" | "unknown" | "weak_reading" | "time_not_trusted" | "newer_rules" | "decided_elsewhere" | "inside" | "banned_leaving" | "not_judged" | "banned" | "revoked" | "not_yet" | "expired" | "outside_hours" | "used_up" | "no_right" | "denied";
        /**
         * @description Why. Its text in both languages has the key `reason-` and this name in kebab case.
         * @enum {string}
         */
        Reason_Reason: "vehicle" | "pass" | "card" | "button" | "guard" | "allowed" | "free_exit" | "leaving" | "unknown" | "weak_reading" | "time_not_trusted" | "newer_rules" | "decided_elsewhere" | "inside" | "banned_leaving" | "not_judged" | "banned" | "revoked" | "not_yet" | "expired" | "outside_hours" | "used_up" | "no_right" | "denied";
        RefuseArrival: {
            reason?: string;
        };
        SeenCar: {
            /** @description The passage in the journal. */
            entry: components["schemas"]["Id"];
            /**
             * Format: int64
             * @description When they came, or left.
             */
            at_ms: number;
            /** @description Folded. */
            plate: string;
            /** @description As people write it. */
            plate_shown: string;
            /** @description The visitor's name; empty for none. */
            name: string;
            house?: components["schemas"]["Id"] | null;
            house_label: string;
        };
        /** @description The session of a screen. */
        Session: {
            guard?: components["schemas"]["SignedIn"] | null;
        };
        Shift: {
            /** @description The guard of this screen. */
            guard: components["schemas"]["SignedIn"];
            /** @description All who are signed in, at any screen. */
            on_duty: components["schemas"]["SignedIn"][];
            /** @description The last hand-overs with their notes, newest first. */
            handed_over: components["schemas"]["Line"][];
        };
        /** @description A guard's name and PIN. */
        SignIn: {
            guard: components["schemas"]["Id"];
            pin: string;
        };
        /** @description A guard who has signed in. */
        SignedIn: {
            /** @description The guard's record on this hub. */
            id: components["schemas"]["Id"];
            /** @description What the journal calls them. */
            name: string;
            /**
             * Format: int64
             * @description Milliseconds since 1970.
             */
            since_ms: number;
        };
        /** @description Everything in one document. */
        State: components["schemas"]["Live"] & {
            hub: components["schemas"]["Hub"];
            clock: components["schemas"]["Clock"];
            store: components["schemas"]["Store"];
            guard: components["schemas"]["SignedIn"];
            /** @description Passes that hold today. */
            expected_count: number;
            /** @description Cars that came and did not leave. */
            inside_count: number;
        };
        /** @description What stands in the store. */
        Store: {
            /**
             * Format: int64
             * @description Entries of this hub's journal.
             */
            entries: number;
            /** Format: int64 */
            bytes: number;
            /** Format: int64 */
            last_write_ms_ago: number;
        };
        /** @description A resident's car. */
        Vehicle: {
            id: components["schemas"]["Id"];
            /** @description Folded. */
            plate: string;
            /** @description As people write it. */
            plate_shown: string;
            /** @description What it is called; may be empty. */
            title: string;
            house: components["schemas"]["Id"];
            house_label: string;
            person: components["schemas"]["Id"];
            person_name: string;
        };
        Vehicles: {
            vehicles: components["schemas"]["Vehicle"][];
        };
        /**
         * @description What is to happen.
         * @enum {string}
         */
        Verdict: "refuse" | "ask" | "open";
        /**
         * @description What is to happen.
         * @enum {string}
         */
        Verdict_Verdict: "refuse" | "ask" | "open";
        /** @description What became of it. */
        VisitorWritten: {
            entry?: components["schemas"]["Id"] | null;
            decision?: components["schemas"]["Judged"] | null;
        };
        /** @description Hours of days of the week, in the community's time zone. */
        Weekly: {
            /**
             * @description ISO weekdays on which a stretch begins: 1 is Monday, 7 Sunday.
             * @default []
             */
            days?: number[];
            /**
             * Format: int32
             * @description Minutes after midnight at which it begins.
             * @default 0
             */
            from_minute?: number;
            /**
             * Format: int32
             * @description Minutes after midnight at which it ends; at or below `from_minute`, on the following day.
             * @default 0
             */
            until_minute?: number;
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
    "arrivals.list": {
        parameters: {
            query?: {
                /** @description At most so many; 30, unless said otherwise. */
                limit?: number;
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
                    "application/json": components["schemas"]["Arrivals"];
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
    "arrivals.ask": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same when it is asked again: then it is done once. Remembered for ten minutes, while the session lasts. */
                "Idempotency-Key"?: string;
            };
            path: {
                entry: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AskAboutArrival"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewQuestion"];
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
    "arrivals.open": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same when it is asked again: then it is done once. Remembered for ten minutes, while the session lasts. */
                "Idempotency-Key"?: string;
            };
            path: {
                entry: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OpenForArrival"];
            };
        };
        responses: {
            /** @description It opens */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Judged"];
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
    "arrivals.refuse": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same when it is asked again: then it is done once. Remembered for ten minutes, while the session lasts. */
                "Idempotency-Key"?: string;
            };
            path: {
                entry: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RefuseArrival"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Noted"];
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
    "cameras.list": {
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
                    "application/json": components["schemas"]["Cameras"];
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
    "cameras.show_frame": {
        parameters: {
            query?: never;
            header?: never;
            path: {
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
                    "image/jpeg": components["schemas"]["Picture"];
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
    "clock.trust": {
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
                    "application/json": components["schemas"]["Clock"];
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
    "crops.show": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                hash: string;
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
                    "image/jpeg": components["schemas"]["Picture"];
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
    "state.follow": {
        parameters: {
            query?: never;
            header?: {
                "Last-Event-ID"?: components["schemas"]["Id"] | null;
            };
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
                    "text/event-stream": components["schemas"]["LiveEvent"];
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
    "passes.list_expected": {
        parameters: {
            query?: {
                /** @description What is looked for; empty for all. */
                search?: string;
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
                    "application/json": components["schemas"]["ExpectedPasses"];
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
    "gates.close": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same when it is asked again: then it is done once. Remembered for ten minutes, while the session lasts. */
                "Idempotency-Key"?: string;
            };
            path: {
                key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It was told */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Noted"];
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
    "gates.hold": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same when it is asked again: then it is done once. Remembered for ten minutes, while the session lasts. */
                "Idempotency-Key"?: string;
            };
            path: {
                key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It was told */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Noted"];
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
                /** @description The same when it is asked again: then it is done once. Remembered for ten minutes, while the session lasts. */
                "Idempotency-Key"?: string;
            };
            path: {
                key: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OpenGate"];
            };
        };
        responses: {
            /** @description It opens */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Judged"];
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
    "gates.release": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same when it is asked again: then it is done once. Remembered for ten minutes, while the session lasts. */
                "Idempotency-Key"?: string;
            };
            path: {
                key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It was told */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Noted"];
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
    "guards.list": {
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
                    "application/json": components["schemas"]["Guards"];
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
    "health.show": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It lives */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            /** @description Something is stuck */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
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
    "houses.list": {
        parameters: {
            query?: {
                /** @description What is looked for; empty for all. */
                search?: string;
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
    "inside.list": {
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
                    "application/json": components["schemas"]["Inside"];
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
                /** @description Where the page before ended. */
                after?: string;
                /** @description At most so many; 50, unless said otherwise. */
                limit?: number;
                /** @description A plate or a part of one, in any alphabet. */
                plate?: string;
                house?: components["schemas"]["Id"];
                /** @description Included, in milliseconds since 1970. */
                from_ms?: number;
                /** @description Excluded, in milliseconds since 1970. */
                until_ms?: number;
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
    "journal.check": {
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
                    "application/json": components["schemas"]["JournalCheck"];
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
    "description.show": {
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
    "passes.issue": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same when it is asked again: then it is done once. Remembered for ten minutes, while the session lasts. */
                "Idempotency-Key"?: string;
            };
            path?: never;
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
                    "application/json": components["schemas"]["ExpectedPass"];
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
    "passes.revoke": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                pass: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EndPass"];
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
    "questions.list": {
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
    "questions.ask": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same when it is asked again: then it is done once. Remembered for ten minutes, while the session lasts. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AskHouse"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewQuestion"];
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
                /** @description The same when it is asked again: then it is done once. Remembered for ten minutes, while the session lasts. */
                "Idempotency-Key"?: string;
            };
            path: {
                question: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Answer"];
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
                    "application/json": components["schemas"]["Session"];
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
    "session.sign_in": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignIn"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
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
    "shift.show": {
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
                    "application/json": components["schemas"]["Shift"];
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
    "shift.hand_over": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["HandOver"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
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
    "state.show": {
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
                    "application/json": components["schemas"]["State"];
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
            query?: {
                /** @description What is looked for; empty for all. */
                search?: string;
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
    "visitors.write_down": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same when it is asked again: then it is done once. Remembered for ten minutes, while the session lasts. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewVisitor"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VisitorWritten"];
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
    "health.measure": {
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
                    "application/openmetrics-text": string;
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
    "screens.pair": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                invitation: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is paired */
            303: {
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
}
