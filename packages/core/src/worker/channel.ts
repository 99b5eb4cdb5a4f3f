import type { ClientMessage, HostMessage } from "./protocol.ts";

/** Where the messages of a worker and its client go through, whatever kind of worker it is. */
interface Channel<Outgoing, Incoming> {
  /**
   * Whether memory can change hands. If not, everything is copied, and what is to be transferred
   * stays where it is.
   */
  readonly movesMemory: boolean;
  /**
   * Sends a message, and nothing when the other side is gone.
   *
   * @throws DataCloneError when the message holds what cannot be sent, such as a function.
   */
  post(message: Outgoing, transfer?: ArrayBuffer[]): void;
  /** Called once, before the first message is due. */
  listen(listener: ChannelListener<Incoming>): void;
}

/** What is told of a channel. */
interface ChannelListener<Incoming> {
  readonly onMessage: (message: Incoming) => void;
  /** The other side is gone. */
  readonly onClose: (end: ChannelEnd) => void;
}

/** Why a channel has closed. */
export interface ChannelEnd {
  /** What became of the other side, as the end of a sentence. */
  readonly problem: string;
  readonly cause?: unknown;
}

/** The worker's side. */
export interface HostChannel extends Channel<HostMessage, ClientMessage> {
  /** Says `stopped` and ends the worker. Nothing may be under way. */
  leave(): void;
}

/** The side of who started the worker. */
export interface ClientChannel extends Channel<ClientMessage, HostMessage> {
  /** Lets the worker keep this process alive, as it does at first. */
  ref(): void;
  /** Lets this process end though the worker has not. */
  unref(): void;
  /** Does what can be done about a worker that does not end in time. */
  giveUp(): "killed" | "abandoned";
}
