drop table pulse.reruns;
