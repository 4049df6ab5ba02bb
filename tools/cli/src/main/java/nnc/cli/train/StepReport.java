package nnc.cli.train;

import java.util.Map;

/**
 * How far a training is, in the middle of an epoch.
 *
 * @param epoch counted from 1
 * @param epochs how many there are to be in all
 * @param batch how many batches of the epoch have been trained
 * @param batches how many it has
 * @param train loss and metrics by name over these batches
 * @param seconds how long this run has been in the epoch
 * @param secondsLeftInEpoch at the speed of late; NaN after the first step of a run, which is too slow to tell
 * @param secondsLeft to the end of the training, evaluations included, or NaN
 */
public record StepReport(
    int epoch,
    int epochs,
    int batch,
    int batches,
    Map<String, Double> train,
    double examplesPerSecond,
    double seconds,
    double secondsLeftInEpoch,
    double secondsLeft) {}
