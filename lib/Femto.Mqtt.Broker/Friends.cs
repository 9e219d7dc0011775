using System.Runtime.CompilerServices;

// It reads and fills the broker's tables; who does without it does not load it.
[assembly: InternalsVisibleTo("Femto.Mqtt.Persistence")]
