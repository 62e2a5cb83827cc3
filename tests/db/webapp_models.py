"""Models of the web app's tables, as a Django application would have them: the columns, their types and references."""

from django.db import models


class Team(models.Model):
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    id = models.IntegerField(primary_key=True)
    code = models.IntegerField(null=True)
    name = models.CharField(max_length=255)
    short_name = models.CharField(max_length=10, null=True)
    strength = models.IntegerField(null=True)
    played = models.IntegerField()
    win = models.IntegerField()
    draw = models.IntegerField()
    loss = models.IntegerField()
    points = models.IntegerField()
    position = models.IntegerField(null=True)
    form = models.CharField(max_length=50, null=True)
    unavailable = models.BooleanField()
    strength_overall_home = models.IntegerField(null=True)
    strength_overall_away = models.IntegerField(null=True)
    strength_attack_home = models.IntegerField(null=True)
    strength_attack_away = models.IntegerField(null=True)
    strength_defence_home = models.IntegerField(null=True)
    strength_defence_away = models.IntegerField(null=True)
    team_division = models.IntegerField(null=True)
    pulse_id = models.IntegerField(null=True)

    class Meta:
        app_label = "webapp"
        managed = False
        db_table = "teams"


class Athlete(models.Model):
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    id = models.IntegerField(primary_key=True)
    can_transact = models.BooleanField(null=True)
    can_select = models.BooleanField(null=True)
    chance_of_playing_next_round = models.IntegerField(null=True)
    chance_of_playing_this_round = models.IntegerField(null=True)
    code = models.IntegerField()
    cost_change_event = models.IntegerField()
    cost_change_event_fall = models.IntegerField()
    cost_change_start = models.IntegerField()
    cost_change_start_fall = models.IntegerField()
    dreamteam_count = models.IntegerField()
    element_type = models.IntegerField(null=True)
    ep_next = models.DecimalField(max_digits=7, decimal_places=2, null=True)
    ep_this = models.DecimalField(max_digits=7, decimal_places=2, null=True)
    event_points = models.IntegerField()
    first_name = models.CharField(max_length=255)
    form = models.DecimalField(max_digits=7, decimal_places=2, null=True)
    in_dreamteam = models.BooleanField()
    news = models.TextField(null=True)
    news_added = models.DateTimeField(null=True)
    now_cost = models.IntegerField()
    photo = models.CharField(max_length=255, null=True)
    points_per_game = models.DecimalField(max_digits=7, decimal_places=2, null=True)
    removed = models.BooleanField()
    second_name = models.CharField(max_length=255)
    selected_by_percent = models.DecimalField(max_digits=7, decimal_places=2, null=True)
    special = models.BooleanField()
    squad_number = models.IntegerField(null=True)
    status = models.CharField(max_length=10, null=True)
    team = models.ForeignKey("Team", models.DO_NOTHING, db_column="team", related_name="+", null=True)
    team_code = models.IntegerField(null=True)
    total_points = models.IntegerField()
    transfers_in = models.IntegerField()
    transfers_in_event = models.IntegerField()
    transfers_out = models.IntegerField()
    transfers_out_event = models.IntegerField()
    value_form = models.DecimalField(max_digits=7, decimal_places=2, null=True)
    value_season = models.DecimalField(max_digits=7, decimal_places=2, null=True)
    web_name = models.CharField(max_length=255)
    region = models.IntegerField(null=True)
    team_join_date = models.DateField(null=True)
    birth_date = models.DateField(null=True)
    has_temporary_code = models.BooleanField()
    opta_code = models.CharField(max_length=50, null=True)
    minutes = models.IntegerField()
    goals_scored = models.IntegerField()
    assists = models.IntegerField()
    clean_sheets = models.IntegerField()
    goals_conceded = models.IntegerField()
    own_goals = models.IntegerField()
    penalties_saved = models.IntegerField()
    penalties_missed = models.IntegerField()
    yellow_cards = models.IntegerField()
    red_cards = models.IntegerField()
    saves = models.IntegerField()
    bonus = models.IntegerField()
    bps = models.IntegerField()
    influence = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    creativity = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    threat = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    ict_index = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    starts = models.IntegerField()
    expected_goals = models.DecimalField(max_digits=13, decimal_places=3, null=True)
    expected_assists = models.DecimalField(max_digits=13, decimal_places=3, null=True)
    expected_goal_involvements = models.DecimalField(max_digits=13, decimal_places=3, null=True)
    expected_goals_conceded = models.DecimalField(max_digits=13, decimal_places=3, null=True)
    mng_win = models.IntegerField()
    mng_draw = models.IntegerField()
    mng_loss = models.IntegerField()
    mng_underdog_win = models.IntegerField()
    mng_underdog_draw = models.IntegerField()
    mng_clean_sheets = models.IntegerField()
    mng_goals_scored = models.IntegerField()
    influence_rank = models.IntegerField(null=True)
    influence_rank_type = models.IntegerField(null=True)
    creativity_rank = models.IntegerField(null=True)
    creativity_rank_type = models.IntegerField(null=True)
    threat_rank = models.IntegerField(null=True)
    threat_rank_type = models.IntegerField(null=True)
    ict_index_rank = models.IntegerField(null=True)
    ict_index_rank_type = models.IntegerField(null=True)
    corners_and_indirect_freekicks_order = models.IntegerField(null=True)
    corners_and_indirect_freekicks_text = models.TextField(null=True)
    direct_freekicks_order = models.IntegerField(null=True)
    direct_freekicks_text = models.TextField(null=True)
    penalties_order = models.IntegerField(null=True)
    penalties_text = models.TextField(null=True)
    expected_goals_per_90 = models.DecimalField(max_digits=13, decimal_places=3, null=True)
    saves_per_90 = models.DecimalField(max_digits=13, decimal_places=3, null=True)
    expected_assists_per_90 = models.DecimalField(max_digits=13, decimal_places=3, null=True)
    expected_goal_involvements_per_90 = models.DecimalField(max_digits=13, decimal_places=3, null=True)
    expected_goals_conceded_per_90 = models.DecimalField(max_digits=13, decimal_places=3, null=True)
    goals_conceded_per_90 = models.DecimalField(max_digits=13, decimal_places=3, null=True)
    now_cost_rank = models.IntegerField(null=True)
    now_cost_rank_type = models.IntegerField(null=True)
    form_rank = models.IntegerField(null=True)
    form_rank_type = models.IntegerField(null=True)
    points_per_game_rank = models.IntegerField(null=True)
    points_per_game_rank_type = models.IntegerField(null=True)
    selected_rank = models.IntegerField(null=True)
    selected_rank_type = models.IntegerField(null=True)
    starts_per_90 = models.DecimalField(max_digits=13, decimal_places=3, null=True)
    clean_sheets_per_90 = models.DecimalField(max_digits=13, decimal_places=3, null=True)

    class Meta:
        app_label = "webapp"
        managed = False
        db_table = "athletes"


class Fixture(models.Model):
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    id = models.IntegerField(primary_key=True)
    code = models.IntegerField(null=True)
    event = models.IntegerField(null=True)
    finished = models.BooleanField()
    finished_provisional = models.BooleanField()
    kickoff_time = models.DateTimeField(null=True)
    minutes = models.IntegerField()
    provisional_start_time = models.BooleanField()
    started = models.BooleanField()
    team_a = models.ForeignKey("Team", models.DO_NOTHING, db_column="team_a", related_name="+", null=True)
    team_h = models.ForeignKey("Team", models.DO_NOTHING, db_column="team_h", related_name="+", null=True)
    team_a_score = models.IntegerField(null=True)
    team_h_score = models.IntegerField(null=True)
    stats = models.JSONField()
    team_a_difficulty = models.IntegerField(null=True)
    team_h_difficulty = models.IntegerField(null=True)
    pulse_id = models.IntegerField(null=True)

    class Meta:
        app_label = "webapp"
        managed = False
        db_table = "fixtures"


class SofasportFixture(models.Model):
    id = models.BigIntegerField(primary_key=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    sofasport_event_id = models.BigIntegerField()
    fixture = models.ForeignKey("Fixture", models.DO_NOTHING, db_column="fixture_id", related_name="+", null=True)
    competition = models.CharField(max_length=10)
    competition_name = models.CharField(max_length=100)
    sofasport_tournament_id = models.BigIntegerField(null=True)
    sofasport_season_id = models.BigIntegerField(null=True)
    home_team_name = models.CharField(max_length=100, null=True)
    away_team_name = models.CharField(max_length=100, null=True)
    home_team = models.ForeignKey("Team", models.DO_NOTHING, db_column="home_team_id", related_name="+", null=True)
    away_team = models.ForeignKey("Team", models.DO_NOTHING, db_column="away_team_id", related_name="+", null=True)
    sofasport_home_team_id = models.BigIntegerField()
    sofasport_away_team_id = models.BigIntegerField()
    start_timestamp = models.BigIntegerField(null=True)
    kickoff_time = models.DateTimeField(null=True)
    match_status = models.CharField(max_length=50, null=True)
    home_score_current = models.IntegerField(null=True)
    away_score_current = models.IntegerField(null=True)
    home_score_period1 = models.IntegerField(null=True)
    away_score_period1 = models.IntegerField(null=True)
    home_score_period2 = models.IntegerField(null=True)
    away_score_period2 = models.IntegerField(null=True)
    home_formation = models.CharField(max_length=20, null=True)
    away_formation = models.CharField(max_length=20, null=True)
    has_xg = models.BooleanField()
    has_player_statistics = models.BooleanField()
    has_heatmap = models.BooleanField()
    lineups_confirmed = models.BooleanField()
    raw_data = models.JSONField()

    class Meta:
        app_label = "webapp"
        managed = False
        db_table = "sofasport_fixtures"


class SofasportLineup(models.Model):
    id = models.BigIntegerField(primary_key=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    sofasport_player_id = models.BigIntegerField()
    athlete = models.ForeignKey("Athlete", models.DO_NOTHING, db_column="athlete_id", related_name="+")
    fixture = models.ForeignKey("SofasportFixture", models.DO_NOTHING, db_column="fixture_id", related_name="+")
    team = models.ForeignKey("Team", models.DO_NOTHING, db_column="team_id", related_name="+")
    sofasport_team_id = models.BigIntegerField()
    position = models.CharField(max_length=10, null=True)
    shirt_number = models.IntegerField(null=True)
    substitute = models.BooleanField()
    minutes_played = models.IntegerField(null=True)
    statistics = models.JSONField()
    player_name = models.CharField(max_length=200)
    player_slug = models.CharField(max_length=200, null=True)

    class Meta:
        app_label = "webapp"
        managed = False
        db_table = "sofasport_lineups"


class SofasportHeatmap(models.Model):
    id = models.BigIntegerField(primary_key=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    sofasport_player_id = models.BigIntegerField()
    athlete = models.ForeignKey("Athlete", models.DO_NOTHING, db_column="athlete_id", related_name="+")
    fixture = models.ForeignKey("SofasportFixture", models.DO_NOTHING, db_column="fixture_id", related_name="+")
    lineup = models.ForeignKey("SofasportLineup", models.DO_NOTHING, db_column="lineup_id", related_name="+", null=True)
    coordinates = models.JSONField()
    point_count = models.IntegerField()

    class Meta:
        app_label = "webapp"
        managed = False
        db_table = "sofasport_heatmaps"


class SofasportPlayerSeasonStats(models.Model):
    id = models.BigIntegerField(primary_key=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    sofasport_player_id = models.BigIntegerField()
    athlete = models.ForeignKey("Athlete", models.DO_NOTHING, db_column="athlete_id", related_name="+")
    team = models.ForeignKey("Team", models.DO_NOTHING, db_column="team_id", related_name="+", null=True)
    sofasport_team_id = models.BigIntegerField()
    season_id = models.CharField(max_length=50)
    category = models.CharField(max_length=50, null=True)
    display_stats = models.BooleanField()
    rating = models.DecimalField(max_digits=4, decimal_places=2, null=True)
    total_rating = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    count_rating = models.IntegerField(null=True)
    minutes_played = models.IntegerField(null=True)
    appearances = models.IntegerField(null=True)
    goals = models.IntegerField(null=True)
    assists = models.IntegerField(null=True)
    expected_assists = models.DecimalField(max_digits=10, decimal_places=2, null=True)
    big_chances_created = models.IntegerField(null=True)
    big_chances_missed = models.IntegerField(null=True)
    total_shots = models.IntegerField(null=True)
    shots_on_target = models.IntegerField(null=True)
    accurate_passes = models.IntegerField(null=True)
    total_passes = models.IntegerField(null=True)
    accurate_passes_percentage = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    key_passes = models.IntegerField(null=True)
    accurate_long_balls = models.IntegerField(null=True)
    accurate_long_balls_percentage = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    tackles = models.IntegerField(null=True)
    interceptions = models.IntegerField(null=True)
    clearances = models.IntegerField(null=True)
    total_duels_won = models.IntegerField(null=True)
    total_duels_won_percentage = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    aerial_duels_won = models.IntegerField(null=True)
    ground_duels_won = models.IntegerField(null=True)
    yellow_cards = models.IntegerField(null=True)
    red_cards = models.IntegerField(null=True)
    fouls = models.IntegerField(null=True)
    was_fouled = models.IntegerField(null=True)
    saves = models.IntegerField(null=True)
    saves_percentage = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    clean_sheets = models.IntegerField(null=True)
    goals_conceded = models.IntegerField(null=True)
    statistics = models.JSONField()
    last_updated = models.DateTimeField()

    class Meta:
        app_label = "webapp"
        managed = False
        db_table = "sofasport_player_season_stats"


class SofasportPlayerAttributes(models.Model):
    id = models.BigIntegerField(primary_key=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    sofasport_player_id = models.BigIntegerField()
    athlete = models.ForeignKey("Athlete", models.DO_NOTHING, db_column="athlete_id", related_name="+")
    attacking = models.IntegerField(null=True)
    technical = models.IntegerField(null=True)
    tactical = models.IntegerField(null=True)
    defending = models.IntegerField(null=True)
    creativity = models.IntegerField(null=True)
    position = models.CharField(max_length=10, null=True)
    year_shift = models.IntegerField()
    is_average = models.BooleanField()
    raw_data = models.JSONField()
    last_updated = models.DateTimeField()

    class Meta:
        app_label = "webapp"
        managed = False
        db_table = "sofasport_player_attributes"
