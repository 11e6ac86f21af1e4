// Loaded before a program with `node --import`: fal's documented option that sends every call to a proxy.
import { fal } from "@fal-ai/client";

fal.config({ proxyUrl: { url: process.env.FAL_PROXY_URL, when: "always" } });
