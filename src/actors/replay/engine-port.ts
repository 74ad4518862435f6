// What the replay layer asks of workflow code: one activation in, one result out, synchronously. Pure.
// In production the port is a realm instance on its tape; in tests it is a script. It must never await anything.
import type { Activation, ActivationResult } from '../../model/turn';

export interface EnginePort {
  /**
   * Runs workflow code until nothing in it can go on: jobs, microtasks and conditions are done, rejections are found.
   * An activation of queries leaves no trace in the run. Throws only for our own bugs.
   */
  activate(activation: Activation): ActivationResult;
}
