/** The door of `voice`: the telephone as a port. Nothing here knows a provider. */
export type {
  AnswerToAsk,
  CalleeHandler,
  CallHandler,
  CallStatus,
  DialFound,
  DialledLeg,
  IncomingCall,
  LeftQueue,
  LegEnd,
  OperatorLeg,
  PullOut,
  QueuedCaller,
  QueueReport,
  Telephone,
  VoiceDocument,
  VoiceStep,
} from "./port.ts";
