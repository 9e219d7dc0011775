using Femto.Mqtt;

namespace Femto.Boards
{
    /// <summary>Every board that the firmware knows. A new one is a line here.</summary>
    public static class BoardList
    {
        /// <summary>All of them. The first of those with one target is taken when nobody says which it is.</summary>
        public static BoardProfile[] All()
        {
            return new BoardProfile[]
            {
                new Esp32DevKitC(),
                new Esp32Wrover(),
                new Esp32S3DevKitC(),
                new Esp32C3DevKitM(),
                new Wt32Eth01(),
            };
        }

        /// <summary>The board of a name; without one, the first for a target; else the first of all.</summary>
        /// <param name="target">What the firmware below is made for.</param>
        /// <param name="name">A folder of boards/; null: not said.</param>
        public static BoardProfile Of(string target, string name)
        {
            BoardProfile[] all = All();
            for (int i = 0; i < all.Length; i++)
            {
                if (name != null && all[i].Name == name) return all[i];
            }
            for (int i = 0; i < all.Length; i++)
            {
                if (all[i].IsFor(target)) return all[i];
            }
            return all[0];
        }
    }
}
