import { EncoderHost } from "./encoder-host.js";
import { threadPort } from "./thread-port.js";

new EncoderHost(threadPort());
