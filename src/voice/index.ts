/** The door of `voice`: the telephone as a port. Nothing here knows a provider. */
export type {
  AnswerToAsk,
  CallHandler,
  CallStatus,
  IncomingCall,
  LeftQueue,
  OperatorLeg,
  PullOut,
  QueueReport,
  Telephone,
  VoiceDocument,
  VoiceStep,
} from "./port.ts";
